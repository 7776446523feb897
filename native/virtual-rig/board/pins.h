// The trigger board's lines as the rest of the rig sees them (native/protocol/trigger.yml, `pins`).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nearfar::rig {

enum class Arm : std::uint8_t { near = 0, far = 1 };

constexpr std::array<Arm, 2> kArms{Arm::near, Arm::far};

constexpr std::string_view name_of(Arm arm) { return arm == Arm::near ? "near" : "far"; }

enum class Pin : std::uint8_t {
  near_trigger,
  far_trigger,
  near_focus,
  far_focus,
  strobe,
  near_feedback,
  far_feedback,
};

/// Where a pin sits on the ATmega328P, and its name in the control protocol.
struct PinPlace {
  Pin pin;
  char port;
  std::uint8_t bit;
  std::string_view name;
  bool output;
};

constexpr std::array<PinPlace, 7> kPins{{
    {Pin::near_trigger, 'B', 1, "nearTrigger", true},
    {Pin::far_trigger, 'B', 2, "farTrigger", true},
    {Pin::near_focus, 'D', 4, "nearFocus", true},
    {Pin::far_focus, 'D', 5, "farFocus", true},
    {Pin::strobe, 'D', 6, "strobe", true},
    {Pin::near_feedback, 'D', 2, "nearFeedback", false},
    {Pin::far_feedback, 'D', 3, "farFeedback", false},
}};

constexpr const PinPlace& place_of(Pin pin) { return kPins[static_cast<std::size_t>(pin)]; }

constexpr Pin trigger_pin(Arm arm) { return arm == Arm::near ? Pin::near_trigger : Pin::far_trigger; }
constexpr Pin feedback_pin(Arm arm) { return arm == Arm::near ? Pin::near_feedback : Pin::far_feedback; }

}  // namespace nearfar::rig

#include "options.h"

#include <array>
#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>

namespace nearfar::rig {
namespace {

template <class Number>
Number number_of(const std::string& option, const std::string& text, Number low, Number high) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high)
    throw std::invalid_argument(option + " takes a number from " + std::to_string(low) + " to " +
                                std::to_string(high) + ", not " + text);
  return value;
}

std::string one_of(const std::string& option, const std::string& text,
                   std::initializer_list<std::string_view> choices) {
  std::string list;
  for (const std::string_view choice : choices) {
    if (text == choice) return text;
    list += (list.empty() ? "" : ", ") + std::string(choice);
  }
  throw std::invalid_argument(option + " takes one of " + list + ", not " + text);
}

/// 127.A.B.1 and 127.A.B.2 of `A.B`.
void set_subnet(RigOptions& options, const std::string& text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos) throw std::invalid_argument("--subnet takes A.B, not " + text);
  const int a = number_of("--subnet", text.substr(0, dot), 0, 255);
  const int b = number_of("--subnet", text.substr(dot + 1), 0, 255);
  const std::string prefix = "127." + std::to_string(a) + "." + std::to_string(b) + ".";
  options.near.address = prefix + "1";
  options.far.address = prefix + "2";
}

using Setter = std::function<void(RigOptions&, const std::string& option, const std::string& text)>;

const std::map<std::string, Setter, std::less<>>& setters() {
  static const std::map<std::string, Setter, std::less<>> table{
      {"--firmware", [](auto& o, auto&, auto& text) { o.firmware = text; }},
      {"--control", [](auto& o, auto&, auto& text) { o.control_socket = text; }},
      {"--subnet", [](auto& o, auto&, auto& text) { set_subnet(o, text); }},
      {"--near-serial", [](auto& o, auto&, auto& text) { o.near.serial = text; }},
      {"--far-serial", [](auto& o, auto&, auto& text) { o.far.serial = text; }},
      {"--width", [](auto& o, auto& name, auto& text) { o.width_px = number_of(name, text, 64, 8192); }},
      {"--height", [](auto& o, auto& name, auto& text) { o.height_px = number_of(name, text, 64, 8192); }},
      {"--pixel-format",
       [](auto& o, auto& name, auto& text) {
         o.pixel_format = one_of(name, text, {"Mono8", "Mono12", "Mono12p", "Mono16", "BayerRG12"});
       }},
      {"--bit-depth", [](auto& o, auto& name, auto& text) { o.bit_depth = number_of(name, text, 8, 16); }},
      {"--black-level",
       [](auto& o, auto& name, auto& text) { o.black_level = number_of(name, text, 0, 65535); }},
      {"--near-lag-us",
       [](auto& o, auto& name, auto& text) { o.near.lag_us = number_of(name, text, 0.0, 200000.0); }},
      {"--far-lag-us",
       [](auto& o, auto& name, auto& text) { o.far.lag_us = number_of(name, text, 0.0, 200000.0); }},
      {"--near-jitter-us",
       [](auto& o, auto& name, auto& text) { o.near.jitter_us = number_of(name, text, 0.0, 20000.0); }},
      {"--far-jitter-us",
       [](auto& o, auto& name, auto& text) { o.far.jitter_us = number_of(name, text, 0.0, 20000.0); }},
      {"--optics", [](auto& o, auto&, auto& text) { o.optics_file = text; }},
      {"--seed",
       [](auto& o, auto& name, auto& text) {
         o.seed = number_of<std::uint64_t>(name, text, 0, std::uint64_t{1} << 53);
       }},
      {"--pace",
       [](auto& o, auto& name, auto& text) {
         o.pace = one_of(name, text, {"real", "free"}) == "real" ? Pace::real : Pace::free;
       }},
  };
  return table;
}

}  // namespace

const char* usage() {
  return "usage: nearfar-virtual-rig --firmware FILE.elf --control SOCKET_PATH [--board-only]\n"
         "         [--subnet A.B] [--near-serial S] [--far-serial S] [--width PX] [--height PX]\n"
         "         [--pixel-format Mono8|Mono12|Mono12p|Mono16|BayerRG12] [--bit-depth N]\n"
         "         [--black-level N] [--near-lag-us X] [--far-lag-us X] [--near-jitter-us X]\n"
         "         [--far-jitter-us X] [--optics FILE.json] [--seed N] [--pace real|free]\n"
         "Prints one JSON line when it is ready; ends with its stdin, on SIGTERM or on the op `quit`.\n";
}

RigOptions parse_options(int argc, char** argv) {
  RigOptions options;
  options.near.serial = "NEARFAR-NEAR";
  options.far.serial = "NEARFAR-FAR";
  set_subnet(options, "0.0");
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--board-only") {
      options.board_only = true;
      continue;
    }
    const auto setter = setters().find(option);
    if (setter == setters().end()) throw std::invalid_argument("there is no option " + option);
    if (++i == argc) throw std::invalid_argument(option + " needs a value");
    setter->second(options, option, argv[i]);
  }
  if (options.firmware.empty()) throw std::invalid_argument("--firmware is missing");
  if (options.control_socket.empty()) throw std::invalid_argument("--control is missing");
  if (options.near.serial == options.far.serial)
    throw std::invalid_argument("both cameras have the same serial");
  return options;
}

}  // namespace nearfar::rig

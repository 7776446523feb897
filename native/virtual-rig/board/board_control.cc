#include "board/board_control.h"

#include <string>
#include <vector>

namespace nearfar::rig {
namespace {

constexpr std::int64_t kMostTicks = std::int64_t{1} << 48;

Arm arm_of(const Json& object, const char* member) {
  const std::string name = require_string(object, member);
  for (const Arm arm : kArms)
    if (name == name_of(arm)) return arm;
  throw RequestError(std::string("`") + member + "` must be near or far");
}

Pace pace_of(const Json& request) {
  const std::string name = require_string(request, "pace");
  if (name == "real") return Pace::real;
  if (name == "free") return Pace::free;
  throw RequestError("`pace` must be real or free");
}

FeedbackSource source_of(const Json& request) {
  const std::string name = require_string(request, "source");
  if (name == "cameras") return FeedbackSource::cameras;
  if (name == "injected") return FeedbackSource::injected;
  throw RequestError("`source` must be cameras or injected");
}

std::vector<InjectedPulse> pulses_of(const Json& request) {
  const auto list = request.find("pulses");
  if (list == request.end() || !list->is_array()) throw RequestError("`pulses` must be an array");
  std::vector<InjectedPulse> pulses;
  for (const Json& entry : *list) {
    require_only(entry, {"arm", "after", "delayTicks", "widthTicks"}, "a pulse");
    pulses.push_back({arm_of(entry, "arm"), arm_of(entry, "after"),
                      require_integer(entry, "delayTicks", 1, kMostTicks),
                      require_integer(entry, "widthTicks", 1, kMostTicks)});
  }
  return pulses;
}

Json edges_json(const std::vector<Edge>& edges) {
  Json list = Json::array();
  for (const Edge& edge : edges)
    list.push_back({{"pin", place_of(edge.pin).name},
                    {"level", edge.level ? 1 : 0},
                    {"tick", std::to_string(edge.tick)}});
  return {{"edges", std::move(list)}};
}

Json noise_json(const LinkNoise& noise) {
  return {{"toBoardBitFlip", noise.to_board_bit_flip},
          {"toHostBitFlip", noise.to_host_bit_flip},
          {"toBoardDrop", noise.to_board_drop},
          {"toHostDrop", noise.to_host_drop}};
}

Json status_json(const BoardStatus& status) {
  return {
      {"pace", status.pace == Pace::real ? "real" : "free"},
      {"feedbackSource", status.feedback_source == FeedbackSource::cameras ? "cameras" : "injected"},
      {"killedFirmware", status.killed},
      {"crashed", status.crashed},
      {"boots", status.boots},
      {"bootId", status.shot.boot_id},
      {"shotId", status.shot.shot_id},
      {"triggerNumber", status.shot.trigger_number},
      {"tick", std::to_string(status.tick)},
      {"lagUs", status.lag_us},
      {"slips", status.slips},
      {"link",
       {{"bytesToBoard", status.bytes_to_board},
        {"bytesToHost", status.bytes_to_host},
        {"bytesLost", status.bytes_lost},
        {"noise", noise_json(status.noise)}}},
  };
}

LinkNoise merged_noise(const Json& link, const LinkNoise& before) {
  require_only(link, {"toBoardBitFlip", "toHostBitFlip", "toBoardDrop", "toHostDrop"}, "`link`");
  return {number_or(link, "toBoardBitFlip", 0, 1, before.to_board_bit_flip),
          number_or(link, "toHostBitFlip", 0, 1, before.to_host_bit_flip),
          number_or(link, "toBoardDrop", 0, 1, before.to_board_drop),
          number_or(link, "toHostDrop", 0, 1, before.to_host_drop)};
}

void apply_faults(Board& board, const Json& faults, bool apply) {
  if (const auto link = faults.find("link"); link != faults.end()) {
    const LinkNoise noise = merged_noise(*link, board.noise());
    if (apply) board.set_noise(noise);
  }
  if (faults.contains("killedFirmware")) {
    const bool killed = boolean_or(faults, "killedFirmware", false);
    if (apply) board.set_killed(killed);
  }
}

}  // namespace

void register_board_ops(ControlServer& server, Board& board) {
  server.handle("ping", {}, [](const Json&) { return Json::object(); });
  server.handle("seed", {"seed"}, [&board](const Json& request) {
    board.seed(static_cast<std::uint64_t>(require_integer(request, "seed", 0, std::int64_t{1} << 53)));
    return Json::object();
  });
  server.handle("pace", {"pace"}, [&board](const Json& request) {
    board.set_pace(pace_of(request));
    return Json::object();
  });
  server.handle("feedbackSource", {"source"}, [&board](const Json& request) {
    board.set_feedback_source(source_of(request));
    return Json::object();
  });
  server.handle("inject", {"pulses"}, [&board](const Json& request) {
    board.inject(pulses_of(request));
    return Json::object();
  });
  server.handle("edges", {}, [&board](const Json&) { return edges_json(board.take_edges()); });
  server.handle("status", {}, [&board](const Json&) { return status_json(board.status()); });
  server.handle_faults({"link", "killedFirmware"},
                       [&board](const Json& faults, bool apply) { apply_faults(board, faults, apply); });
}

}  // namespace nearfar::rig

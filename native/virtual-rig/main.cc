// nearfar-virtual-rig: the hardware-in-the-loop rig (README.md).
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "board/board.h"
#include "board/board_control.h"
#include "cameras/cameras.h"
#include "control/control_server.h"
#include "lifetime.h"
#include "options.h"

namespace nearfar::rig {
namespace {

constexpr std::chrono::seconds kBootTimeout{5};

Json camera_identity(const CameraOptions& camera, bool board_only) {
  return {{"serial", board_only ? "" : camera.serial}, {"address", board_only ? "" : camera.address}};
}

Json ready_line(const RigOptions& options, const Board& board, const ControlServer& server) {
  return {
      {"event", "ready"},
      {"format", "nearfar-virtual-rig"},
      {"version", 1},
      {"pid", getpid()},
      {"tty", board.tty_path()},
      {"controlSocket", server.path()},
      {"cameras",
       {{"near", camera_identity(options.near, options.board_only)},
        {"far", camera_identity(options.far, options.board_only)}}},
  };
}

/// Ends what has been started, however run() is left: first the threads that call into the next.
class Ending {
 public:
  Ending(ControlServer& server, Cameras* cameras, Board& board) : server_(server), cameras_(cameras), board_(board) {}
  ~Ending() {
    if (cameras_ != nullptr) cameras_->interrupt();
    server_.stop();
    if (cameras_ != nullptr) cameras_->stop();
    board_.stop();
  }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

 private:
  ControlServer& server_;
  Cameras* cameras_;
  Board& board_;
};

int run(const RigOptions& options) {
  Lifetime lifetime;
  Board board({options.firmware, options.pace, options.seed});
  ControlServer server(options.control_socket.string());
  register_board_ops(server, board);
  server.handle("quit", {}, [&lifetime](const Json&) {
    lifetime.end();
    return Json::object();
  });
  std::unique_ptr<Cameras> cameras;
  if (!options.board_only) cameras = std::make_unique<Cameras>(options, board, server);
  const Ending ending(server, cameras.get(), board);

  board.start();
  if (!board.wait_for_boot(kBootTimeout))
    throw std::runtime_error("the firmware image " + options.firmware.string() + " does not report its boot");
  if (cameras) cameras->start();
  server.start();
  std::cout << ready_line(options, board, server).dump() << std::endl;

  lifetime.wait();
  return 0;
}

}  // namespace
}  // namespace nearfar::rig

int main(int argc, char** argv) {
  using namespace nearfar::rig;
  try {
    if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
      std::fputs(usage(), stdout);
      return 0;
    }
    return run(parse_options(argc, argv));
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "nearfar-virtual-rig: %s\n%s", error.what(), usage());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nearfar-virtual-rig: %s\n", error.what());
    return 1;
  }
}

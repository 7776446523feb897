#include "board/board.h"

#include <utility>

#include "board/board_thread.h"

namespace nearfar::rig {

Board::Board(const BoardOptions& options) : thread_(std::make_unique<BoardThread>(options)) {}
Board::~Board() = default;

void Board::on_edge(EdgeListener listener) { thread_->listeners().edge.push_back(std::move(listener)); }
void Board::on_frame(FrameListener listener) { thread_->listeners().frame.push_back(std::move(listener)); }
void Board::on_boot(BootListener listener) { thread_->listeners().boot.push_back(std::move(listener)); }

void Board::start() { thread_->start(); }
void Board::stop() { thread_->stop(); }

bool Board::wait_for_boot(std::chrono::milliseconds timeout) const {
  return thread_->log().wait_for_boot(timeout);
}

const std::string& Board::tty_path() const { return thread_->tty_path(); }
Tick Board::tick_now() const { return thread_->tick_now(); }
std::int64_t Board::host_ns_of_tick(Tick tick) const { return thread_->host_ns_of_tick(tick); }
ShotContext Board::shot() const { return thread_->log().shot(); }
std::vector<Edge> Board::take_edges() { return thread_->log().take(); }
FeedbackSource Board::feedback_source() const { return thread_->feedback_source(); }
void Board::set_feedback_source(FeedbackSource source) { thread_->feedback_source() = source; }

void Board::drive_feedback(Arm arm, Tick at_tick, bool level) {
  thread_->post([thread = thread_.get(), arm, at_tick, level] {
    if (thread->feedback_source() == FeedbackSource::cameras) thread->schedule_feedback(arm, at_tick, level);
  });
}

void Board::at_tick(Tick at_tick, Action action) {
  thread_->post([thread = thread_.get(), at_tick, action = std::move(action)] {
    thread->schedule(at_tick, action);
  });
}

void Board::set_pace(Pace pace) {
  thread_->call([&] { thread_->set_pace(pace); });
}

void Board::set_noise(const LinkNoise& noise) {
  thread_->call([&] { thread_->set_noise(noise); });
}

LinkNoise Board::noise() const {
  LinkNoise noise;
  thread_->call([&] { noise = thread_->noise(); });
  return noise;
}

void Board::seed(std::uint64_t seed) {
  thread_->call([&] { thread_->seed(seed); });
}

void Board::set_killed(bool killed) {
  thread_->call([&] { thread_->set_killed(killed); });
}

void Board::inject(const std::vector<InjectedPulse>& pulses) {
  thread_->call([&] { thread_->inject(pulses); });
}

BoardStatus Board::status() const {
  BoardStatus status{};
  thread_->call([&] { status = thread_->status(); });
  return status;
}

}  // namespace nearfar::rig

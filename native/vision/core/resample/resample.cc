#include "resample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "../parallel.h"
#include "convolve.h"
#include "finish.h"
#include "patch.h"
#include "placing.h"
#include "plan.h"
#include "sample_reader.h"

namespace nearfar::vision::resample {
namespace {

/// One part of the result at a time; several work on the same result.
class TileJob {
 public:
  TileJob(const Request& request, const Plan& plan, const Decoding& decoding, const SampleReader& reader,
          const Finish& finish, const CancelFlag& flag, Result& result)
      : plan_(plan), reader_(reader), finish_(finish), flag_(flag), result_(result),
        core_px_(request.source.cfa ? 1 : 0), placing_(plan, decoding), patch_(decoding) {}

  void run(const Area& tile) {
    const Area needed = placing_.place(tile);
    if (needed.width() <= 0) return;
    patch_.load(reader_, needed, flag_);
    // Blocks one under the other, so that what one row of a block looks at is still at hand for the next.
    for (int left = tile.left; left < tile.right; left = Plan::block_end(left)) {
      flag_.check();
      for (int v = tile.top; v < tile.bottom; ++v) fill_row(left, std::min(tile.right, Plan::block_end(left)), v);
    }
  }

 private:
  /// Pixels of one block.
  void fill_row(int left, int right, int v) {
    const Footprints footprints = placing_.at(left, v);
    const auto& [across, down] = plan_.kernels(left, v);
    const std::size_t first = static_cast<std::size_t>(v) * result_.width_px + left;
    std::array<float, static_cast<std::size_t>(Plan::block_px) * quad_lanes> sums;
    convolve(patch_.cells(), *across, *down, footprints, right - left, sums.data());
    finish_.store_row(left, v, right - left, footprints, sums.data(), &result_.samples[first * result_.channels]);
    for (int i = 0; i < right - left; ++i) {
      if (footprints.row[i] < 0) continue;
      const bool saturated = patch_.any_clipped() && clipped(footprints.column[i], footprints.row[i], *across, *down);
      result_.flags[first + i] = valid_bit | (saturated ? clipped_bit : 0);
    }
  }

  /// Whether a saturated sample lies under the middle lobe of the kernels that begin there.
  bool clipped(int first_column, int first_row, const Kernel& across_kernel, const Kernel& down_kernel) const {
    const auto reach = [this](const Kernel& kernel) { return (kernel.reach() + 2) / 3 + core_px_; };
    const int column = first_column + across_kernel.reach() - 1, row = first_row + down_kernel.reach() - 1;
    const int across = reach(across_kernel), down = reach(down_kernel);
    return patch_.clipped({column - across + 1, row - down + 1, column + across + 1, row + down + 1});
  }

  const Plan& plan_;
  const SampleReader& reader_;
  const Finish& finish_;
  const CancelFlag& flag_;
  Result& result_;
  const int core_px_;
  Placing placing_;
  Patch patch_;
};

/// Things of which each thread needs one at a time, so that their memory serves again.
template <typename Thing>
class Idle {
 public:
  explicit Idle(std::function<std::unique_ptr<Thing>()> make) : make_(std::move(make)) {}

  std::unique_ptr<Thing> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!things_.empty()) {
        auto thing = std::move(things_.back());
        things_.pop_back();
        return thing;
      }
    }
    return make_();
  }
  void give_back(std::unique_ptr<Thing> thing) {
    const std::lock_guard lock(mutex_);
    things_.push_back(std::move(thing));
  }

 private:
  std::function<std::unique_ptr<Thing>()> make_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Thing>> things_;
};

}  // namespace

Result resample(const Request& request, std::size_t threads, const CancelFlag& flag) {
  check_request(request);
  const Plan plan(request);
  const Decoding decoding(request.source, plan.step());
  const SampleReader reader(request.source);
  const Finish finish(request, plan.map(), decoding);
  const std::size_t pixels = static_cast<std::size_t>(request.width_px) * request.height_px;
  Result result{.width_px = request.width_px,
                .height_px = request.height_px,
                .channels = request.source.channels(),
                .samples = std::vector<std::uint16_t>(pixels * request.source.channels()),
                .flags = std::vector<std::uint8_t>(pixels),
                .valid_px = 0,
                .clipped_px = 0,
                .source_px_per_px = plan.source_px_per_px()};
  Idle<TileJob> idle([&] {
    return std::make_unique<TileJob>(request, plan, decoding, reader, finish, flag, result);
  });
  for_each_index(threads, plan.tiles().size(), flag, [&](std::size_t index) {
    auto job = idle.take();
    job->run(plan.tiles()[index]);
    idle.give_back(std::move(job));
  });
  for (const std::uint8_t flags : result.flags) {
    result.valid_px += flags & valid_bit ? 1 : 0;
    result.clipped_px += flags & clipped_bit ? 1 : 0;
  }
  return result;
}

}  // namespace nearfar::vision::resample

#include "resample.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "../parallel.h"
#include "convolve.h"
#include "finish.h"
#include "patch.h"
#include "plan.h"
#include "sample_reader.h"

namespace nearfar::vision::resample {
namespace {

/// Where the kernel of one pixel of the result lies in the cells of the frame.
struct Footprint {
  /// Null where the kernel would leave the frame.
  const KernelPair* kernels = nullptr;
  const float* across_weights = nullptr;
  const float* down_weights = nullptr;
  int column = 0;
  int row = 0;
};

/// One part of the result at a time; several work on the same result.
class TileJob {
 public:
  TileJob(const Request& request, const Plan& plan, const Decoding& decoding, const SampleReader& reader,
          const Finish& finish, const CancelFlag& flag, Result& result)
      : plan_(plan), decoding_(decoding), reader_(reader), finish_(finish), flag_(flag), result_(result),
        core_px_(request.source.cfa ? 1 : 0), patch_(decoding) {}

  void run(const Area& tile) {
    const Area needed = place(tile);
    if (needed.width() <= 0) return;
    patch_.load(reader_, needed, flag_);
    for (int v = tile.top; v < tile.bottom; ++v) {
      flag_.check();
      fill_row(&footprints_[static_cast<std::size_t>(v - tile.top) * tile.width()], tile.width(),
               static_cast<std::size_t>(v) * result_.width_px + tile.left);
    }
  }

 private:
  /// Finds the footprints of a tile. @returns the cells that they cover; empty when there are none.
  Area place(const Area& tile) {
    Area needed{decoding_.columns(), decoding_.rows(), 0, 0};
    footprints_.clear();
    for (int v = tile.top; v < tile.bottom; ++v) {
      for (int u = tile.left; u < tile.right; ++u) {
        footprints_.push_back(footprint(u, v));
        const Footprint& found = footprints_.back();
        if (found.kernels == nullptr) continue;
        needed.left = std::min(needed.left, found.column);
        needed.top = std::min(needed.top, found.row);
        needed.right = std::max(needed.right, found.column + found.kernels->across->taps());
        needed.bottom = std::max(needed.bottom, found.row + found.kernels->down->taps());
      }
    }
    return needed;
  }

  Footprint footprint(int u, int v) const {
    const Place stored = plan_.map().stored(plan_.map().upright(u, v));
    const double x = decoding_.cell_place(stored.x);
    const double y = decoding_.cell_place(stored.y);
    if (!(x >= 0 && y >= 0 && x <= decoding_.columns() - 1 && y <= decoding_.rows() - 1)) return {};
    const KernelPair& kernels = plan_.kernels(u, v);
    const auto& [across, down] = kernels;
    // Neither is negative: this is their floor.
    const int left = static_cast<int>(x), top = static_cast<int>(y);
    const int column = left - across->reach() + 1, row = top - down->reach() + 1;
    const bool inside = column >= 0 && row >= 0 && column + across->taps() <= decoding_.columns() &&
                        row + down->taps() <= decoding_.rows();
    if (!inside) return {};
    return {&kernels, across->weights(x - left), down->weights(y - top), column, row};
  }

  /// @param first pixel of the result.
  void fill_row(const Footprint* footprints, int count, std::size_t first) {
    const int channels = result_.channels;
    light_.resize(static_cast<std::size_t>(count) * channels);
    // All light first: what has just been stored value by value is slow to read as a vector.
    for (int i = 0; i < count; ++i) {
      const Footprint& at = footprints[i];
      if (at.kernels == nullptr) continue;
      convolve(patch_.from(at.column, at.row), *at.kernels->across, at.across_weights, *at.kernels->down,
               at.down_weights, &light_[static_cast<std::size_t>(i) * channels]);
      result_.flags[first + i] = valid_bit | (clipped(at) ? clipped_bit : 0);
    }
    for (int i = 0; i < count; ++i) {
      if (footprints[i].kernels == nullptr) continue;
      const std::size_t pixel = first + i;
      const Place upright = finish_.needs_place() ? plan_.map().upright(static_cast<double>(pixel % result_.width_px),
                                                                        static_cast<double>(pixel / result_.width_px))
                                                  : Place{};
      finish_.store(upright, &light_[static_cast<std::size_t>(i) * channels],
                    &result_.samples[pixel * channels]);
    }
  }

  /// Whether a saturated sample lies under the middle lobe.
  bool clipped(const Footprint& at) const {
    if (!patch_.any_clipped()) return false;
    const auto& [across_kernel, down_kernel] = *at.kernels;
    const auto reach = [this](const Kernel& kernel) { return (kernel.reach() + 2) / 3 + core_px_; };
    const int column = at.column + across_kernel->reach() - 1, row = at.row + down_kernel->reach() - 1;
    const int across = reach(*across_kernel), down = reach(*down_kernel);
    return patch_.clipped({column - across + 1, row - down + 1, column + across + 1, row + down + 1});
  }

  const Plan& plan_;
  const Decoding& decoding_;
  const SampleReader& reader_;
  const Finish& finish_;
  const CancelFlag& flag_;
  Result& result_;
  const int core_px_;
  Patch patch_;
  std::vector<Footprint> footprints_;
  std::vector<float> light_;
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
  const Finish finish(request, plan.map());
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

#include "resample_test.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "../core/file_error.h"
#include "../core/parallel.h"
#include "../core/raw_file.h"
#include "../core/resample/resample.h"

namespace nearfar::vision::test {
namespace {

using resample::Cfa;
using resample::MemorySamples;
using resample::Request;
using resample::Result;

/// A file that goes with the object.
class ScratchFile {
 public:
  explicit ScratchFile(const std::vector<char>& bytes)
      : path_(std::filesystem::temp_directory_path() / ("nearfar-resample-test-" + std::to_string(::getpid()))) {
    std::ofstream(path_, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  ~ScratchFile() { ::unlink(path_.c_str()); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::vector<std::uint16_t> noise(std::size_t count) {
  std::mt19937 random(7);
  std::vector<std::uint16_t> samples(count);
  for (std::uint16_t& sample : samples) sample = static_cast<std::uint16_t>(random() % 60000);
  return samples;
}

MemorySamples in_memory(const std::vector<std::uint16_t>& samples) {
  const std::size_t size = samples.size() * 2;
  std::shared_ptr<std::byte[]> bytes = std::make_unique<std::byte[]>(size);
  std::memcpy(bytes.get(), samples.data(), size);
  return {std::move(bytes), size};
}

/// A homography that scales and shifts.
Request scaling(int width_px, int height_px, double scale, double shift_x, double shift_y) {
  Request request;
  request.map = resample::HomographyMap{{scale, 0, shift_x, 0, scale, shift_y, 0, 0, 1}};
  request.width_px = width_px;
  request.height_px = height_px;
  request.white = 32768;
  return request;
}

Request of_noise(int width_px, int height_px, int channels, double scale) {
  Request request = scaling(static_cast<int>(width_px / scale), static_cast<int>(height_px / scale), scale, 0.3, 0.4);
  request.source.width_px = width_px;
  request.source.height_px = height_px;
  request.source.samples_per_pixel = channels;
  request.source.samples = in_memory(noise(static_cast<std::size_t>(width_px) * height_px * channels));
  return request;
}

Result run(const Request& request, std::size_t threads = 1) { return resample::resample(request, threads, {}); }

/// Each pixel as the definition has it, in double: weights of one kernel over the frame's own pixels.
double by_definition(const Request& request, double scale, int u, int v) {
  const auto lanczos = [](double t) {
    const auto sinc = [](double a) { return a == 0 ? 1 : std::sin(M_PI * a) / (M_PI * a); };
    return std::abs(t) < 3 ? sinc(t) * sinc(t / 3) : 0;
  };
  const auto* samples =
      reinterpret_cast<const std::uint16_t*>(std::get<MemorySamples>(request.source.samples).bytes.get());
  double sum = 0, weights = 0;
  for (int y = 0; y < request.source.height_px; ++y) {
    for (int x = 0; x < request.source.width_px; ++x) {
      const double weight =
          lanczos((x - scale * u - 0.3) / std::max(1.0, scale)) * lanczos((y - scale * v - 0.4) / std::max(1.0, scale));
      sum += weight * samples[y * request.source.width_px + x];
      weights += weight;
    }
  }
  return sum / weights / 65535 * 32768;
}

void pixels_are_sums_of_lanczos_weights() {
  for (const double scale : {0.7, 1.0, 1.9, 3.1}) {
    const Request request = of_noise(64, 60, 1, scale);
    const Result result = run(request);
    const int u = result.width_px / 2, v = result.height_px / 2;
    expect_equal(int{result.flags[v * result.width_px + u]}, 1, "flags of the middle");
    // The stretch is rounded to a 128th of an octave, which noise shows best.
    const double error = result.samples[v * result.width_px + u] - by_definition(request, scale, u, v);
    expect(std::abs(error) < 60, "at a scale of " + std::to_string(scale) + " the error is " + std::to_string(error));
  }
}

void the_result_does_not_depend_on_threads() {
  for (const int channels : {1, 3}) {
    for (const double scale : {0.8, 2.2, 4.5, 12.0}) {
      const Request request = of_noise(301, 257, channels, scale);
      const Result one = run(request), many = run(request, 5);
      expect(one.samples == many.samples && one.flags == many.flags, "the same on one thread and on five");
    }
  }
}

void mosaics_are_demosaicked_as_a_whole() {
  for (const Cfa cfa : {Cfa::rggb, Cfa::bggr, Cfa::gbrg, Cfa::grbg}) {
    Request request = of_noise(131, 203, 1, 1);
    request.map = resample::HomographyMap{{1, 0, 0, 0, 1, 0, 0, 0, 1}};
    request.source.cfa = cfa;
    request.white = 65535;
    const int codes[] = {cv::COLOR_BayerBG2RGB_EA, cv::COLOR_BayerRG2RGB_EA, cv::COLOR_BayerGR2RGB_EA,
                         cv::COLOR_BayerGB2RGB_EA};
    std::vector<std::uint16_t> samples = noise(std::size_t{131} * 203);
    cv::Mat mosaic(203, 131, CV_16UC1, samples.data()), whole;
    cv::cvtColor(mosaic, whole, codes[static_cast<int>(cfa)]);
    const Result result = run(request, 2);
    expect_equal(result.valid_px, std::size_t{126} * 198, "valid pixels");
    int different = 0;
    for (std::size_t i = 0; i < result.flags.size(); ++i) {
      for (int c = 0; c < 3 && (result.flags[i] & 1) != 0; ++c) {
        different += result.samples[3 * i + c] != whole.ptr<std::uint16_t>()[3 * i + c];
      }
    }
    expect_equal(different, 0, "samples that differ");
  }
}

void maps_that_leave_the_frame_stay_within_memory() {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> share(-1, 1);
  for (int i = 0; i < 60; ++i) {
    Request request = of_noise(20 + i, 90 - i, i % 2 == 0 ? 1 : 3, 1);
    request.source.mount = {90 * (i % 4), i % 3 == 0};
    request.source.cfa = i % 4 == 0 ? std::optional(Cfa::gbrg) : std::nullopt;
    request.width_px = 30 + i;
    request.height_px = 70 - i;
    request.map = resample::HomographyMap{{4 * share(random), 2 * share(random), 40 * share(random), 2 * share(random),
                                           4 * share(random), 40 * share(random), 0.02 * share(random),
                                           0.02 * share(random), 1}};
    try {
      run(request, 2);
    } catch (const std::invalid_argument&) {
      // Some of these show nothing in their middle.
    }
  }
}

void frames_smaller_than_a_kernel_show_nothing() {
  expect_equal(run(of_noise(4, 5, 1, 1)).valid_px, std::size_t{0}, "valid pixels of 4 × 5");
  expect_equal(run(of_noise(40, 40, 3, 20)).valid_px, std::size_t{0}, "valid pixels of 40 × 40 shrunk 20 times");
}

void short_files_are_damaged() {
  Request request = of_noise(50, 40, 1, 1);
  const ScratchFile file(std::vector<char>(50 * 40 * 2 - 1));
  request.source.samples = resample::FileSamples{file.path(), 0, true};
  testing::expect_error<FileDamaged>("is cut short: it has 3999 bytes where 4000 belong", [&] { run(request); });
  request.source.samples = resample::FileSamples{"/nowhere", 0, true};
  testing::expect_error<FileUnreadable>("cannot be opened", [&] { run(request); });
}

void a_cancelled_job_ends() {
  const Request request = of_noise(2000, 2000, 3, 1);
  const CancelFlag flag;
  std::jthread canceller([&flag] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    flag.cancel();
  });
  testing::expect_error<Cancelled>("cancelled", [&] { resample::resample(request, 2, flag); });
}

void loops_run_each_index_once_and_pass_errors_on() {
  std::vector<std::atomic<int>> runs(500);
  for_each_index(4, runs.size(), {}, [&runs](std::size_t index) { ++runs[index]; });
  for (const auto& count : runs) expect_equal(count.load(), 1, "runs of an index");
  for_each_index(4, 0, {}, [](std::size_t) { throw std::logic_error("no index"); });
  testing::expect_error<std::runtime_error>("index 3", [] {
    for_each_index(3, 100, {}, [](std::size_t index) {
      if (index >= 3) throw std::runtime_error("index " + std::to_string(index));
    });
  });
}

/// A DNG of a small mosaic, as short as LibRaw takes it.
std::vector<char> small_dng() {
  std::vector<char> file(4096, 0);
  const auto put = [&file](std::size_t at, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file[at + i] = static_cast<char>(value >> (8 * i));
  };
  constexpr std::uint32_t width = 40, height = 30, samples_at = 1024;
  std::memcpy(file.data(), "II*\0", 4);
  put(4, 8, 4);
  struct Field {
    std::uint32_t tag, type, count, value;
  };
  const std::vector<Field> fields{{254, 4, 1, 0},          {256, 4, 1, width},   {257, 4, 1, height},
                                  {258, 3, 1, 16},         {259, 3, 1, 1},       {262, 3, 1, 32803},
                                  {271, 2, 4, 0x00454d41}, {272, 2, 3, 0x4231},  {273, 4, 1, samples_at},
                                  {277, 3, 1, 1},          {278, 4, 1, height},  {279, 4, 1, width * height * 2},
                                  {33421, 3, 2, 0x20002},  {33422, 1, 4, 0x02010100}, {50706, 1, 4, 0x401},
                                  {50714, 3, 1, 256},      {50717, 4, 1, 16000}};
  put(8, static_cast<std::uint32_t>(fields.size()), 2);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& [tag, type, count, value] = fields[i];
    put(10 + 12 * i, tag, 2);
    put(12 + 12 * i, type, 2);
    put(14 + 12 * i, count, 4);
    put(18 + 12 * i, value, 4);
  }
  for (std::uint32_t i = 0; i < width * height; ++i) put(samples_at + 2 * i, 300 + i, 2);
  return file;
}

void raw_files_give_their_mosaic() {
  const ScratchFile file(small_dng());
  const RawFile raw = read_raw_file(file.path(), {});
  expect_equal(raw.width_px, 40, "width");
  expect_equal(raw.height_px, 30, "height");
  expect_equal(raw.black_level, 256, "black level");
  expect_equal(raw.white_level, 16000, "white level");
  expect_equal(int{raw.samples[41]}, 341, "a sample");
}

/// Whatever is in a file, it is read or refused, and no memory is touched that is not its own.
void altered_raw_files_do_no_harm() {
  const std::vector<char> whole = small_dng();
  std::mt19937 random(11);
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    std::vector<char> altered = whole;
    for (int k = 0; k < 1 + i % 4; ++k) altered[random() % 220] = static_cast<char>(random());
    if (i % 5 == 0) altered.resize(random() % altered.size());
    const ScratchFile file(altered);
    try {
      read_raw_file(file.path(), {});
    } catch (const FileDamaged&) {
      ++refused;
    } catch (const std::bad_alloc&) {
      ++refused;
    }
  }
  expect(refused > 50, "most altered files are refused");
}

}  // namespace

void test_resampling(Suite& suite) {
  suite.run("resample: pixels are sums of Lanczos weights", pixels_are_sums_of_lanczos_weights);
  suite.run("resample: the result does not depend on threads", the_result_does_not_depend_on_threads);
  suite.run("resample: mosaics are demosaicked as a whole", mosaics_are_demosaicked_as_a_whole);
  suite.run("resample: maps that leave the frame stay within memory", maps_that_leave_the_frame_stay_within_memory);
  suite.run("resample: frames smaller than a kernel show nothing", frames_smaller_than_a_kernel_show_nothing);
  suite.run("resample: short files are damaged", short_files_are_damaged);
  suite.run("resample: a cancelled job ends", a_cancelled_job_ends);
  suite.run("parallel: loops run each index once and pass errors on", loops_run_each_index_once_and_pass_errors_on);
}

void test_raw_files(Suite& suite) {
  suite.run("raw file: gives its mosaic", raw_files_give_their_mosaic);
  suite.run("raw file: altered ones do no harm", altered_raw_files_do_no_harm);
}

}  // namespace nearfar::vision::test

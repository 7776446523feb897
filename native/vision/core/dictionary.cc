#include "dictionary.h"

#include <array>
#include <stdexcept>
#include <utility>

namespace nearfar::vision {
namespace {

using NamedDictionary = std::pair<const char*, cv::aruco::PREDEFINED_DICTIONARY_NAME>;
constexpr std::array<NamedDictionary, 17> dictionaries{{
    {"DICT_4X4_50", cv::aruco::DICT_4X4_50},       {"DICT_4X4_100", cv::aruco::DICT_4X4_100},
    {"DICT_4X4_250", cv::aruco::DICT_4X4_250},     {"DICT_4X4_1000", cv::aruco::DICT_4X4_1000},
    {"DICT_5X5_50", cv::aruco::DICT_5X5_50},       {"DICT_5X5_100", cv::aruco::DICT_5X5_100},
    {"DICT_5X5_250", cv::aruco::DICT_5X5_250},     {"DICT_5X5_1000", cv::aruco::DICT_5X5_1000},
    {"DICT_6X6_50", cv::aruco::DICT_6X6_50},       {"DICT_6X6_100", cv::aruco::DICT_6X6_100},
    {"DICT_6X6_250", cv::aruco::DICT_6X6_250},     {"DICT_6X6_1000", cv::aruco::DICT_6X6_1000},
    {"DICT_7X7_50", cv::aruco::DICT_7X7_50},       {"DICT_7X7_100", cv::aruco::DICT_7X7_100},
    {"DICT_7X7_250", cv::aruco::DICT_7X7_250},     {"DICT_7X7_1000", cv::aruco::DICT_7X7_1000},
    {"DICT_APRILTAG_36h11", cv::aruco::DICT_APRILTAG_36h11},
}};

cv::Ptr<cv::aruco::Dictionary> whole_dictionary(const std::string& name) {
  std::string known;
  for (const auto& [known_name, value] : dictionaries) {
    if (name == known_name) return cv::aruco::getPredefinedDictionary(value);
    known += (known.empty() ? "" : ", ") + std::string(known_name);
  }
  throw std::invalid_argument("there is no marker dictionary \"" + name + "\"; known are " + known);
}

}  // namespace

int marker_count(const std::string& dictionary) { return whole_dictionary(dictionary)->bytesList.rows; }

cv::Ptr<cv::aruco::Dictionary> part_of_dictionary(const std::string& dictionary, int first_id, int count) {
  const auto whole = whole_dictionary(dictionary);
  return cv::makePtr<cv::aruco::Dictionary>(whole->bytesList.rowRange(first_id, first_id + count).clone(),
                                            whole->markerSize, whole->maxCorrectionBits);
}

}  // namespace nearfar::vision

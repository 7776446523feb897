#pragma once

#include <opencv2/aruco/dictionary.hpp>
#include <string>

namespace nearfar::vision {

/// Throws std::invalid_argument naming the known ones when OpenCV has no such dictionary.
int marker_count(const std::string& dictionary);

/// The markers `first_id` to `first_id + count - 1` alone: marker n of the result is `first_id + n`. Fewer candidates
/// are quicker to tell apart and markers of other boards are not read at all.
cv::Ptr<cv::aruco::Dictionary> part_of_dictionary(const std::string& dictionary, int first_id, int count);

}  // namespace nearfar::vision

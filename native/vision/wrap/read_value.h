#pragma once

#include "../../addon/read_value.h"

namespace nearfar::vision {

using addon::flag_from;
using addon::integer_from;
using addon::number_from;
using addon::object_from;
using addon::reject_type;
using addon::text_from;

}  // namespace nearfar::vision

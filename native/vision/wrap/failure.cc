#include "failure.h"

#include <stdexcept>

#include "../core/bundle/problem.h"
#include "../core/cancel_flag.h"
#include "../core/file_error.h"

namespace nearfar::vision {

Failure failure_of(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const Cancelled& error) {
    return {"CANCELLED", error.what()};
  } catch (const bundle::Undetermined& error) {
    return {"CALIBRATION_FAILED", error.what()};
  } catch (const FileDamaged& error) {
    return {"FILE_CORRUPT", error.what()};
  } catch (const FileUnreadable& error) {
    return {"STORE_IO", error.what()};
  } catch (const std::invalid_argument& error) {
    return {"USAGE", error.what()};
  } catch (const std::exception& error) {
    return {"", error.what()};
  } catch (...) {
    return {"", "a native call failed without saying why"};
  }
}

}  // namespace nearfar::vision

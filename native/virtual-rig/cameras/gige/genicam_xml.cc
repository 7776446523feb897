#include "cameras/gige/genicam_xml.h"

#include <arv.h>

#include <memory>
#include <stdexcept>
#include <string_view>

#include "cameras/scene/pixel_format.h"

namespace nearfar::rig {
namespace {

std::string library_xml() {
  const std::unique_ptr<ArvFakeCamera, void (*)(void*)> camera(arv_fake_camera_new("XML"), g_object_unref);
  std::size_t size = 0;
  const char* xml = arv_fake_camera_get_genicam_xml(camera.get(), &size);
  if (xml == nullptr) throw std::runtime_error("libaravis has no built-in camera description");
  return {xml, size};
}

/// Replaces what stands between the first `from` at or after `anchor` and the next `to`.
void replace_between(std::string& xml, std::string_view anchor, std::string_view from, std::string_view to,
                     const std::string& text) {
  const auto anchored = xml.find(anchor);
  const auto begin = anchored == std::string::npos ? anchored : xml.find(from, anchored);
  const auto end = begin == std::string::npos ? begin : xml.find(to, begin);
  if (end == std::string::npos) {
    throw std::runtime_error("the camera description of the installed libaravis has no \"" + std::string(anchor) +
                             "\" where it is expected");
  }
  xml.replace(begin, end - begin, text);
}

std::string format_entries() {
  std::string entries;
  for (const PixelFormat& format : kPixelFormats) {
    entries += "<EnumEntry Name=\"" + std::string(format.name) + "\" NameSpace=\"Standard\"><Value>" +
               std::to_string(format.code) + "</Value></EnumEntry>\n";
  }
  return entries;
}

std::string gain_in_db() {
  const std::string steps_per_db = std::to_string(static_cast<int>(1 / kGainStepDb));
  return "<Float Name=\"Gain\" NameSpace=\"Standard\"><pValue>GainDbConverter</pValue><Min>0</Min><Max>" +
         std::to_string(kMaxGainDb) +
         "</Max><Unit>dB</Unit></Float>\n"
         "<Converter Name=\"GainDbConverter\" NameSpace=\"Custom\"><FormulaTo>FROM * " +
         steps_per_db + "</FormulaTo><FormulaFrom>TO / " + steps_per_db +
         ".0</FormulaFrom><pValue>GainRawRegister</pValue></Converter>\n";
}

}  // namespace

std::string adapted_genicam_xml() {
  std::string xml = library_xml();
  replace_between(xml, "<Enumeration Name=\"PixelFormat\"", "<EnumEntry", "<pValue>", format_entries());
  replace_between(xml, "<Integer Name=\"GainRaw\"", "<Max>", "</Integer>",
                  "<Max>" + std::to_string(static_cast<int>(kMaxGainDb / kGainStepDb)) + "</Max>");
  replace_between(xml, "<Category Name=\"AnalogControl\"", "<pFeature>GainRaw", "</Category>",
                  "<pFeature>Gain</pFeature><pFeature>GainRaw</pFeature><pFeature>GainAuto</pFeature>");
  replace_between(xml, "<Integer Name=\"GainRaw\"", "<Integer Name=\"GainRaw\"", " NameSpace",
                  gain_in_db() + "<Integer Name=\"GainRaw\"");
  return xml;
}

}  // namespace nearfar::rig

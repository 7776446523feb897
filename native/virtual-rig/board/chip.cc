#include "board/chip.h"

#include <elf.h>
#include <simavr/avr_eeprom.h>
#include <simavr/avr_extint.h>
#include <simavr/avr_ioport.h>
#include <simavr/sim_core.h>
#include <simavr/sim_elf.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace nearfar::rig {
namespace {

constexpr std::uint32_t kFrequencyHz = 16'000'000;
constexpr avr_io_addr_t kTccr1b = 0x81;
constexpr std::uint8_t kClockSelectMask = 0x07;

/// simavr prints to stdout by default, which belongs to the `ready` line.
void log_to_stderr(avr_t*, const int level, const char* format, va_list arguments) {
  if (level <= LOG_WARNING) std::vfprintf(stderr, format, arguments);
}

/// simavr takes any file for an image and runs whatever is not in it.
bool is_avr_elf(const std::filesystem::path& file) {
  Elf32_Ehdr header{};
  std::ifstream stream(file, std::ios::binary);
  stream.read(reinterpret_cast<char*>(&header), sizeof header);
  return stream.good() && std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && header.e_machine == EM_AVR;
}

unsigned extint_of(Pin pin) { return pin == Pin::near_feedback ? EXTINT_IRQ_OUT_INT0 : EXTINT_IRQ_OUT_INT1; }

}  // namespace

struct FirmwareImage::Parts {
  elf_firmware_t elf{};
};

FirmwareImage::FirmwareImage(const std::filesystem::path& file) : parts_(std::make_unique<Parts>()) {
  avr_global_logger_set(log_to_stderr);
  if (!is_avr_elf(file) || elf_read_firmware(file.c_str(), &parts_->elf) != 0 || parts_->elf.flashsize == 0)
    throw std::runtime_error("this is no firmware image for an AVR: " + file.string());
}

FirmwareImage::~FirmwareImage() {
  std::free(parts_->elf.flash);
  std::free(parts_->elf.eeprom);
  std::free(parts_->elf.fuse);
  std::free(parts_->elf.lockbits);
}

void FirmwareImage::load_into(avr_t& avr) const {
  // avr_load_firmware() wants it writable but only reads it.
  avr_load_firmware(&avr, &parts_->elf);
}

Chip::Chip(const FirmwareImage& image, const Eeprom& eeprom, Hooks hooks)
    : avr_(avr_make_mcu_by_name("atmega328p")), hooks_(std::move(hooks)) {
  if (avr_ == nullptr) throw std::runtime_error("this libsimavr has no atmega328p");
  avr_init(avr_);
  image.load_into(*avr_);
  avr_->frequency = kFrequencyHz;
  normal_run_ = avr_->run;
  avr_eeprom_desc_t description{const_cast<std::uint8_t*>(eeprom.data()), 0, kEepromBytes};
  avr_ioctl(avr_, AVR_IOCTL_EEPROM_SET, &description);
  connect();
}

Chip::~Chip() {
  avr_terminate(avr_);
  std::free(avr_);
}

avr_uart_t* Chip::uart() const {
  for (avr_io_t* io = avr_->io_port; io != nullptr; io = io->next)
    if (std::strcmp(io->kind, "uart") == 0) return reinterpret_cast<avr_uart_t*>(io);
  throw std::runtime_error("this libsimavr's atmega328p has no uart");
}

void Chip::connect() {
  outputs_ = std::make_unique<OutputPins>(*avr_, hooks_.output_changed);
  uart_ = uart();
  // Neither echo text to the console nor sleep in the host when the firmware polls.
  std::uint32_t flags = 0;
  avr_ioctl(avr_, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
  uart_input_ = avr_io_getirq(avr_, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
  avr_irq_t* const uart_output = avr_io_getirq(avr_, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT);
  avr_irq_register_notify(uart_output, &Chip::on_uart, this);
  avr_irq_t* const timer_control = avr_iomem_getirq(avr_, kTccr1b, nullptr, AVR_IOMEM_IRQ_ALL);
  avr_irq_register_notify(timer_control, &Chip::on_timer_control, this);
}

bool Chip::step() {
  if (avr_->run != normal_run_) {  // simavr's watchdog resets by putting its own function here
    avr_->run(avr_);
    after_reset();
    return true;
  }
  avr_flashaddr_t next_pc = avr_->pc;
  if (avr_->state == cpu_Running) next_pc = avr_run_one(avr_);
  if (avr_->cycle >= alarm_) hooks_.alarm();
  const Cycle until_timer = avr_cycle_timer_process(avr_);
  outputs_->catch_up_matches();
  avr_->pc = next_pc;
  if (avr_->state == cpu_Sleeping) {
    if (!avr_->sreg[S_I]) return false;
    const Cycle until_alarm = alarm_ > avr_->cycle ? alarm_ - avr_->cycle : 1;
    const Cycle longest = std::max<Cycle>(1, std::min(until_timer, until_alarm));
    avr_->cycle += std::clamp<Cycle>(hooks_.sleep(longest), 1, longest);
  }
  if (avr_->state != cpu_Running && avr_->state != cpu_Sleeping) return false;
  if (avr_->interrupt_state) avr_service_interrupts(avr_);
  return true;
}

void Chip::after_reset() {
  origin_ = avr_->cycle;
  timer_started_ = false;
  outputs_->reset();
  for (const PinPlace& place : kPins)
    if (!place.output) clear_input(place.pin);
  hooks_.reset();
}

// Raising the line low would start simavr's endless poll for a low level, because the reset has
// just put INT0/INT1 into level mode; so only the remembered levels are cleared.
void Chip::clear_input(Pin pin) {
  const PinPlace& place = place_of(pin);
  avr_io_getirq(avr_, AVR_IOCTL_IOPORT_GETIRQ(place.port), place.bit)->value = 0;
  avr_io_getirq(avr_, AVR_IOCTL_EXTINT_GETIRQ(), static_cast<int>(extint_of(pin)))->value = 0;
  input_levels_[static_cast<std::size_t>(pin)] = false;
}

void Chip::drive(Pin pin, bool level) {
  bool& known = input_levels_[static_cast<std::size_t>(pin)];
  if (known == level) return;
  known = level;
  const PinPlace& place = place_of(pin);
  avr_raise_irq(avr_io_getirq(avr_, AVR_IOCTL_IOPORT_GETIRQ(place.port), place.bit), level ? 1 : 0);
}

void Chip::receive(std::uint8_t byte) { avr_raise_irq(uart_input_, byte); }

Cycle Chip::receive_interval() const { return uart_->cycles_per_byte; }

Cycle Chip::wire_cycles_per_byte() const { return uart_->cycles_per_byte * 10 / 11; }

Chip::Eeprom Chip::eeprom() const {
  Eeprom content{};
  avr_eeprom_desc_t description{content.data(), 0, kEepromBytes};
  avr_ioctl(avr_, AVR_IOCTL_EEPROM_GET, &description);
  return content;
}

void Chip::on_uart(avr_irq_t*, std::uint32_t value, void* param) {
  static_cast<Chip*>(param)->hooks_.byte_sent(static_cast<std::uint8_t>(value));
}

void Chip::on_timer_control(avr_irq_t*, std::uint32_t value, void* param) {
  auto* chip = static_cast<Chip*>(param);
  if (chip->timer_started_ || (value & kClockSelectMask) == 0) return;
  chip->timer_started_ = true;
  chip->origin_ = chip->avr_->cycle;
}

}  // namespace nearfar::rig

#include <string.h>

#include "host.h"
#include "tests.h"

static void a_repeated_fire_fires_once(void) {
    host_boot();
    host_arm(7, 5);
    const struct message first = host_fire(7);
    CHECK(first.kind == NF_KIND_WRITE_REPLY && fake.fires == 1);
    for (int i = 0; i < 3; i++) {
        const struct message again = host_repeat();
        CHECK(again.kind == first.kind && again.seq == first.seq && again.tick == first.tick);
        CHECK(memcmp(again.value, first.value, first.size) == 0);
    }
    CHECK(fake.fires == 1);
}

static void a_retry_is_known_across_other_requests(void) {
    host_boot();
    host_arm(7, 5);
    const uint32_t shot_id = 7;
    uint8_t fire_seq = host_fire(7).seq;
    for (int i = 0; i < 255; i++) host_read(NF_REG_STATE);
    /* The sequence number has come round: this is a new request, and refused as such. */
    const struct message later = host_write(NF_REG_FIRE, &shot_id, sizeof shot_id);
    CHECK(later.seq == fire_seq && later.kind == NF_KIND_ERROR && later.value[0] == NF_ERROR_CODE_WRONG_STATE);
}

static void errors_are_repeated_too(void) {
    host_boot();
    const struct message refused = host_fire(1);
    CHECK(refused.kind == NF_KIND_ERROR && refused.value[0] == NF_ERROR_CODE_WRONG_STATE);
    const struct message again = host_repeat();
    CHECK(again.kind == NF_KIND_ERROR && again.seq == refused.seq && again.tick == refused.tick);
}

static void dump_sends_every_readable_register_once(void) {
    host_boot();
    const uint8_t go = 1;
    const struct message reply = host_write(NF_REG_DUMP, &go, 1);
    CHECK(reply.kind == NF_KIND_WRITE_REPLY);
    host_run_ms(50);
    unsigned seen[256] = {0};
    for (struct message m; (m = host_dump_frame()).kind != 0;) {
        CHECK(m.seq == reply.seq);
        seen[m.address]++;
    }
#define X(NAME, name, address, access, size, reply_size)                                           \
    CHECK(seen[address] == (((access) & NF_READ) != 0));
    NF_REGISTERS(X)
#undef X
}

static void heartbeats_come_and_stop(void) {
    host_boot();
    host_run_ms(3500);
    unsigned count = 0;
    while (host_event(NF_EVENT_HEARTBEAT).kind != 0) count++;
    CHECK(count == 3);
    const struct nf_reg_heartbeat off = {0};
    host_write(NF_REG_HEARTBEAT, &off, sizeof off);
    host_forget_events();
    host_run_ms(3500);
    CHECK(host_event_count() == 0);
}

static void board_id_is_kept_but_not_changed_when_armed(void) {
    host_boot();
    CHECK(host_write(NF_REG_BOARD_ID, "12345678", 8).kind == NF_KIND_WRITE_REPLY);
    host_boot();
    CHECK(memcmp(host_read(NF_REG_BOARD_ID).value, "12345678", 8) == 0);
    host_arm(1, 1);
    CHECK(host_write(NF_REG_BOARD_ID, "abcdefgh", 8).value[0] == NF_ERROR_CODE_WRONG_STATE);
    CHECK(memcmp(fake.board_id, "12345678", 8) == 0);
}

static void boot_says_who_it_is(void) {
    host_boot();
    const struct message first = host_read(NF_REG_BOOT_ID);
    host_boot();
    CHECK(memcmp(first.value, host_read(NF_REG_BOOT_ID).value, 4) != 0);
}

static void reset_answers_first(void) {
    host_boot();
    uint32_t magic = 0x52535420;
    CHECK(host_write(NF_REG_RESET, &magic, sizeof magic).kind == NF_KIND_ERROR);
    host_run_ms(5);
    CHECK(fake.resets == 0);
    magic++;
    CHECK(host_write(NF_REG_RESET, &magic, sizeof magic).kind == NF_KIND_WRITE_REPLY);
    CHECK(fake.resets == 0);
    host_run_ms(5);
    CHECK(fake.resets > 0);
}

static void lost_events_are_counted_and_leave_a_gap(void) {
    host_boot();
    const uint8_t before = (host_run_ms(1000), host_event(NF_EVENT_HEARTBEAT).seq);
    fake.tx_stuck = true;
    host_run_ms(2000);
    fake.tx_stuck = false;
    host_run_ms(1000);
    const struct message next = host_event(NF_EVENT_HEARTBEAT);
    struct nf_event_heartbeat value;
    memcpy(&value, next.value, sizeof value);
    CHECK((uint8_t)(next.seq - before) == 3);
    CHECK(value.events_dropped == 2);
}

void request_tests(void) {
    a_repeated_fire_fires_once();
    a_retry_is_known_across_other_requests();
    errors_are_repeated_too();
    dump_sends_every_readable_register_once();
    heartbeats_come_and_stop();
    board_id_is_kept_but_not_changed_when_armed();
    boot_says_who_it_is();
    reset_answers_first();
    lost_events_are_counted_and_leave_a_gap();
}

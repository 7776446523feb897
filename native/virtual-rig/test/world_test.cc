#include "test/suites.h"
#include "world/world_json.h"

namespace nearfar::rig::test {
namespace {

void absent_members_stay() {
  World world;
  world.kind = SceneKind::subject;
  world.subject.identity = 7;
  world.subject.yaw_deg = 5;
  const World merged = merged_world(world, {{"subject", {{"expression", "smile"}}}});
  expect(merged.kind == SceneKind::subject, "kind");
  expect(merged.subject.identity == 7 && merged.subject.expression == "smile", "subject");
  expect_near(merged.subject.yaw_deg, 5, 0, "yaw");
}

void json_round_trip() {
  World world;
  world.kind = SceneKind::target;
  world.target = "charuco-a4";
  world.T_rig_target = Rigid{rotation_about({0.3, -0.4, 0.2}), {10, -20, 1580}};
  world.motion.kind = MotionSpec::Kind::linear;
  world.motion.velocity_mm_s = {200, 0, -5};
  world.light.kind = LightSpec::Kind::even;
  world.light.polarisation = Polarisation::p;
  world.plate_bump_y_deg = -0.2;
  Json json = world_json(world);
  json.erase("distanceMm");
  const World back = merged_world(World{}, json);
  for (std::size_t i = 0; i < 9; ++i)
    expect_near(back.target_pose().rotation.m[i], world.target_pose().rotation.m[i], 1e-12, "rotation");
  expect(world_json(back) == [&] {
    Json copy = world_json(world);
    copy["targetPose"]["rotationDeg"] = world_json(back)["targetPose"]["rotationDeg"];
    return copy;
  }(), "the same world comes back");
}

void an_absent_pose_is_the_eye_planes_centre() {
  World world;
  world.eye_plane_mm = 900;
  expect(world_json(world)["targetPose"]["translationMm"] == Json({0, 0, 900}), "told as it is");
  const World turned = merged_world(world, {{"targetPose", {{"rotationDeg", {0, 10, 0}}}}});
  expect(turned.target_pose().translation == Vec3{0, 0, 900}, "turned where it stands");
  const World placed = merged_world(world, {{"targetPose", {{"translationMm", {1, 2, 800}}}}});
  expect(placed.target_pose().translation == Vec3{1, 2, 800}, "or placed");
}

void half_turns_survive() {
  for (const Vec3 axis : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}, normalized({1, -2, 3}), normalized({0, 1, -1})}) {
    World world;
    world.T_rig_target = Rigid{rotation_about(axis * (180 * kRadPerDeg)), {0, 0, 1600}};
    const World back = merged_world(World{}, {{"targetPose", world_json(world)["targetPose"]}});
    for (std::size_t i = 0; i < 9; ++i)
      expect_near(back.target_pose().rotation.m[i], world.target_pose().rotation.m[i], 1e-6, "half turn");
  }
}

void nonsense_is_refused() {
  const auto refuse = [](const char* text, const Json& request) {
    expect_error<RequestError>(text, [&] { merged_world(World{}, request); });
  };
  refuse("plane, flat, dark, target, subject", {{"scene", "moon"}});
  refuse("needs a `target`", {{"scene", "target"}});
  refuse("no member `mood`", {{"subject", {{"mood", 1}}}});
  refuse("`yawDeg`", {{"subject", {{"yawDeg", 90}}}});
  refuse("must be an object", {{"light", 3}});
  refuse("`polarisation` is one of none, s, p", {{"light", {{"polarisation", "round"}}}});
  refuse("`offsetMm`", {{"subject", {{"offsetMm", {1, 2}}}}});
  refuse("`skinContrast`", {{"subject", {{"skinContrast", 0.5}}}});
  refuse("`samplesPerPixel`", {{"samplesPerPixel", 0}});
}

}  // namespace

void test_world(Suite& suite) {
  suite.run("world: absent members stay as they are", absent_members_stay);
  suite.run("world: JSON and back", json_round_trip);
  suite.run("world: a target without a pose stands on the eye plane", an_absent_pose_is_the_eye_planes_centre);
  suite.run("world: rotations of half a turn survive", half_turns_survive);
  suite.run("world: nonsense is refused with the member's name", nonsense_is_refused);
}

}  // namespace nearfar::rig::test

{
  "targets": [
    {
      "target_name": "nearfar_vision",
      "sources": [
        "../addon/bridge.cc",
        "../addon/failure.cc",
        "../addon/read_value.cc",
        "core/board.cc",
        "core/bundle/board_residual.cc",
        "core/bundle/brown.cc",
        "core/bundle/check_problem.cc",
        "core/bundle/covariance.cc",
        "core/bundle/information.cc",
        "core/bundle/minimise.cc",
        "core/bundle/noise.cc",
        "core/bundle/parameters.cc",
        "core/bundle/pose_manifold.cc",
        "core/bundle/prior_residual.cc",
        "core/bundle/projection.cc",
        "core/bundle/rotation.cc",
        "core/bundle/sights.cc",
        "core/bundle/solve.cc",
        "core/bundle/terms.cc",
        "core/bundle/uncertainty.cc",
        "core/chart_grid.cc",
        "core/chart_orientation.cc",
        "core/chessboard.cc",
        "core/dictionary.cc",
        "core/find_board.cc",
        "core/find_chart.cc",
        "core/find_saddle.cc",
        "core/fit_saddle.cc",
        "core/grid.cc",
        "core/homography.cc",
        "core/image.cc",
        "core/job_pool.cc",
        "core/lattice.cc",
        "core/marker_search.cc",
        "core/predict.cc",
        "core/preview.cc",
        "core/saddle_model.cc",
        "core/saddle_window.cc",
        "wrap/addon.cc",
        "wrap/bundle_from.cc",
        "wrap/bundle_to.cc",
        "wrap/convert.cc",
        "wrap/convert_chart.cc",
        "wrap/failure.cc",
        "wrap/job_desk.cc",
        "wrap/solver_wrap.cc",
        "wrap/threads.cc",
        "wrap/vision_wrap.cc"
      ],
      # The second makes JS errors of all C++ exceptions that leave a call, not of Napi's own alone.
      "defines": ["NAPI_VERSION=9", "NAPI_CPP_EXCEPTIONS", "NODE_ADDON_API_CPP_EXCEPTIONS_ALL"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags_cc": [
        "-std=c++20",
        "-fexceptions",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        # The headers of OpenCV are not ours to keep clean.
        "<!@(pkg-config --cflags opencv4 | sed 's/-I/-isystem /g')",
        "-isystem",
        "/usr/include/eigen3"
      ],
      # Not pkg-config's list, which holds all of OpenCV with its windows and networks.
      "libraries": [
        "-lopencv_aruco",
        "-lopencv_mcc",
        "-lopencv_calib3d",
        "-lopencv_imgproc",
        "-lopencv_core",
        "-lceres",
        "-lglog"
      ]
    }
  ]
}

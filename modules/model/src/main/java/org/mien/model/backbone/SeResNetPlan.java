package org.mien.model.backbone;

import java.util.List;

/**
 * The sizes that tell one SE-ResNet from another.
 *
 * @param widths inner channels of each stage's bottlenecks; four times as many leave them
 * @param blocks bottlenecks of each stage
 */
record SeResNetPlan(List<Integer> widths, List<Integer> blocks) {
  static final int EXPANSION = 4;

  /** Channels for each one inside a squeeze and excitation. */
  static final int REDUCTION = 16;

  static SeResNetPlan ofDepth(int depth) {
    List<Integer> blocks =
        switch (depth) {
          case 50 -> List.of(3, 4, 6, 3);
          case 101 -> List.of(3, 4, 23, 3);
          case 152 -> List.of(3, 8, 36, 3);
          default ->
              throw new IllegalArgumentException(
                  "expected an SE-ResNet depth of 50, 101 or 152, was " + depth);
        };
    return new SeResNetPlan(List.of(64, 128, 256, 512), blocks);
  }
}

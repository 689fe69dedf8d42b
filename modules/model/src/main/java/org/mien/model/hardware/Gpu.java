package org.mien.model.hardware;

import java.util.Optional;

/**
 * One GPU as its driver describes it.
 *
 * @param name for example {@code Tesla T4}
 * @param capability compute capability; empty where the driver is too old to tell
 * @param driver version of the driver; empty where it is not in a form that is known
 * @param memoryMebibytes all of its memory; 0 where it is not told
 */
public record Gpu(
    String name,
    Optional<Capability> capability,
    Optional<DriverVersion> driver,
    long memoryMebibytes) {

  /**
   * Compute capability: which machine code a GPU runs.
   *
   * @param major code runs only on GPUs of the same major number
   * @param minor and of the same or a higher minor number
   */
  public record Capability(int major, int minor) {
    /** Whether machine code for {@code other} runs on a GPU of this capability. */
    boolean runsCodeFor(Capability other) {
      return major == other.major && minor >= other.minor;
    }

    @Override
    public String toString() {
      return "sm_" + major + minor;
    }
  }

  /** For example {@code Tesla T4 (sm_75, 15360 MiB)}. */
  public String describe() {
    return name
        + " ("
        + capability.map(Capability::toString).orElse("compute capability not told")
        + (memoryMebibytes > 0 ? ", " + memoryMebibytes + " MiB" : "")
        + ")";
  }
}

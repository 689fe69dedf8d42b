package org.mien.model.hardware;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a machine says about its NVIDIA driver and GPUs.
 *
 * @param state whether there is a driver, and whether it answers
 * @param gpus in the order of {@code nvidia-smi}, that of the PCI bus; those that this process sees
 * @param problem what went wrong, in the words of whoever failed; empty if nothing
 */
public record DriverReport(State state, List<Gpu> gpus, String problem) {
  /** Whether there is a driver. */
  public enum State {
    /** No trace of one. */
    ABSENT,

    /** Its library is there, but nothing that says which GPUs it drives. */
    SILENT,

    /** It was asked and answered. */
    ANSWERED
  }

  /** Name, optionally capability, driver version, memory: what {@link DriverProbe} asks for. */
  private static final Pattern LINE =
      Pattern.compile("(.+?),\\s*(?:(\\d+)\\.(\\d+)|\\[[^]]*])?\\s*,\\s*([^,]+),\\s*([^,]+)");

  private static final Pattern MEMORY = Pattern.compile("(\\d{1,9}) MiB");
  private static final int MOST_GPUS = 64;

  public DriverReport {
    gpus = List.copyOf(gpus);
  }

  /** A machine without a driver. */
  public static DriverReport absent() {
    return new DriverReport(State.ABSENT, List.of(), "");
  }

  /**
   * A driver that is there, but could not be asked.
   *
   * @param problem why, such as what {@code nvidia-smi} printed
   */
  public static DriverReport silent(String problem) {
    return new DriverReport(State.SILENT, List.of(), problem);
  }

  /**
   * Reads what {@code nvidia-smi --query-gpu=name,compute_cap,driver_version,memory.total
   * --format=csv,noheader} prints, one line a GPU. Where the driver does not know {@code
   * compute_cap}, the field is left empty or in brackets.
   *
   * @return {@link State#SILENT} with the first line that is not understood, if there is one
   */
  public static DriverReport parse(String output) {
    List<Gpu> gpus = new ArrayList<>();
    for (String line : output.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches() || gpus.size() == MOST_GPUS) {
        return silent("nvidia-smi says: " + line);
      }
      Matcher memory = MEMORY.matcher(matcher.group(5).strip());
      gpus.add(
          new Gpu(
              matcher.group(1).strip(),
              matcher.group(2) == null
                  ? Optional.empty()
                  : Optional.of(
                      new Gpu.Capability(
                          Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)))),
              DriverVersion.parse(matcher.group(4)),
              memory.matches() ? Long.parseLong(memory.group(1)) : 0));
    }
    return new DriverReport(State.ANSWERED, gpus, "");
  }

  /**
   * Leaves the GPUs that {@code CUDA_VISIBLE_DEVICES} leaves to a process, in its order: numbers up
   * to the first that there is not. Names of GPUs ({@code GPU-...}) are not resolved: as many stay
   * as are named.
   *
   * @param visible the variable's value; null where it is not set
   */
  public DriverReport visible(String visible) {
    if (visible == null) {
      return this;
    }
    if (visible.contains("GPU-") || visible.contains("MIG-")) {
      int named = visible.split(",").length;
      return new DriverReport(state, gpus.subList(0, Math.min(named, gpus.size())), problem);
    }
    List<Gpu> left = new ArrayList<>();
    for (String word : visible.split(",", -1)) {
      if (!word.strip().matches("\\d{1,4}") || Integer.parseInt(word.strip()) >= gpus.size()) {
        break;
      }
      left.add(gpus.get(Integer.parseInt(word.strip())));
    }
    return new DriverReport(
        state,
        left,
        left.isEmpty() && !gpus.isEmpty() ? "CUDA_VISIBLE_DEVICES=" + visible + " hides all" : "");
  }
}

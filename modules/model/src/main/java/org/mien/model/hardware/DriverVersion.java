package org.mien.model.hardware;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Version of NVIDIA's driver for Linux.
 *
 * @param branch for example 510
 * @param minor for example 39 of 510.39.01
 * @param patch for example 1 of 510.39.01; 0 where there is none
 */
public record DriverVersion(int branch, int minor, int patch) implements Comparable<DriverVersion> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,5})\\.(\\d{1,5})(?:\\.(\\d{1,5}))?");

  /** Reads {@code 510.39.01} or {@code 560.94}; empty for anything else. */
  public static Optional<DriverVersion> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new DriverVersion(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3))));
  }

  @Override
  public int compareTo(DriverVersion other) {
    if (branch != other.branch) {
      return Integer.compare(branch, other.branch);
    }
    return minor != other.minor
        ? Integer.compare(minor, other.minor)
        : Integer.compare(patch, other.patch);
  }

  @Override
  public String toString() {
    return String.format("%d.%02d", branch, minor)
        + (patch == 0 ? "" : String.format(".%02d", patch));
  }
}

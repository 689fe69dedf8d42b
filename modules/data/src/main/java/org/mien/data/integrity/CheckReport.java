package org.mien.data.integrity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a check found; ready for {@link org.mien.core.json.Json}.
 *
 * @param schema version of this form
 * @param complete false if the check was stopped: findings are then those of the images read so far
 * @param clean whether the check went to its end and found no error; warnings and notes do not
 *     count
 * @param sets the sets of images, in the order given
 * @param protocols the protocols, in the order given
 * @param nearDistance the distance used, -1 for none
 * @param mirrored whether mirrored pictures were looked for
 * @param findings errors first, then warnings, then notes; in the order of the kinds
 */
public record CheckReport(
    int schema,
    boolean complete,
    boolean clean,
    List<SetCounts> sets,
    List<ProtocolCounts> protocols,
    int nearDistance,
    boolean mirrored,
    List<Finding> findings) {
  /** The version that is written. */
  public static final int SCHEMA = 1;

  public CheckReport {
    sets = List.copyOf(sets);
    protocols = List.copyOf(protocols);
    findings = List.copyOf(findings);
    boolean errors = findings.stream().anyMatch(f -> f.severity() == Severity.ERROR);
    if (clean != (complete && !errors)) {
      throw new IllegalArgumentException(
          "clean is " + clean + ", complete is " + complete + ", errors: " + errors);
    }
  }

  /**
   * What was counted in a set.
   *
   * @param name of the set
   * @param role what it is used for
   * @param images in its manifest
   * @param identities in its manifest
   * @param read images that were read, good or not
   * @param unreadable images that could not be read
   * @param flat images too flat for a perceptual hash, which take no part in the search for near
   *     duplicates
   */
  public record SetCounts(
      String name,
      SetRole role,
      long images,
      long identities,
      long read,
      long unreadable,
      long flat) {}

  /**
   * What was counted in a protocol.
   *
   * @param name of the protocol
   * @param counts by name
   */
  public record ProtocolCounts(String name, Map<String, Long> counts) {
    public ProtocolCounts {
      counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }
  }

  /** Returns the findings of a kind: none or one for each set or protocol it occurs in. */
  public List<Finding> of(FindingKind kind) {
    return findings.stream().filter(finding -> finding.kind() == kind).toList();
  }

  /** Returns how many findings are of a severity. */
  public long count(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }
}

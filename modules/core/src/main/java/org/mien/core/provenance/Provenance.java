package org.mien.core.provenance;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a run comes from: what a reader needs to judge its figures or to make them again. The
 * content of {@code provenance.json}.
 *
 * @param mienVersion version of Mien
 * @param commit the Git commit checked out in Mien's source tree, or null if there is no such tree;
 *     whether files were changed since is not known
 * @param javaVersion version of the Java runtime
 * @param javaVendor who built it
 * @param os operating system, version and architecture
 * @param cpu the processor's name, or the architecture where the system does not tell it
 * @param cores processors Java may use
 * @param maxHeapBytes largest heap Java may use
 * @param threads threads the numeric library may use
 * @param backend what computes, such as {@code ND4J CPU, oneDNN, AVX2}
 * @param seed the experiment's seed
 * @param startedAt when the run began
 * @param finishedAt when it ended, or null if it has not
 * @param commandLine the arguments it was started with
 * @param configSha256 SHA-256 of {@code resolved.yaml}, in hexadecimal
 * @param inputs name of each input, such as a data set or a weight file, to its fingerprint or
 *     description, in the order they were added
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Provenance(
    String mienVersion,
    String commit,
    String javaVersion,
    String javaVendor,
    String os,
    String cpu,
    int cores,
    long maxHeapBytes,
    int threads,
    String backend,
    long seed,
    Instant startedAt,
    Instant finishedAt,
    List<String> commandLine,
    String configSha256,
    Map<String, String> inputs) {

  public Provenance {
    commandLine = List.copyOf(commandLine);
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
  }

  /**
   * Returns the same with one more input.
   *
   * @throws IllegalArgumentException if the name is known with another fingerprint
   */
  public Provenance withInput(String name, String fingerprint) {
    Map<String, String> more = new LinkedHashMap<>(inputs);
    String earlier = more.put(name, fingerprint);
    if (earlier != null && !earlier.equals(fingerprint)) {
      throw new IllegalArgumentException(
          "input " + name + " has two fingerprints: " + earlier + " and " + fingerprint);
    }
    return with(finishedAt, more);
  }

  /** Returns the same with the time the run ended. */
  public Provenance withFinishedAt(Instant time) {
    return with(time, inputs);
  }

  private Provenance with(Instant newFinishedAt, Map<String, String> newInputs) {
    return new Provenance(
        mienVersion,
        commit,
        javaVersion,
        javaVendor,
        os,
        cpu,
        cores,
        maxHeapBytes,
        threads,
        backend,
        seed,
        startedAt,
        newFinishedAt,
        commandLine,
        configSha256,
        newInputs);
  }
}

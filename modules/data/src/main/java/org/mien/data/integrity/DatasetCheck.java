package org.mien.data.integrity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.mien.core.progress.Progress;

/**
 * Checks sets of images, protocols and files before anybody believes a result on them.
 *
 * <p>Every image is read and decoded once, by several threads. Afterwards nothing is read any more:
 * what is kept takes about 60 bytes an image, 1 million images 60 MB. {@link FindingKind} lists
 * what can be found; findings of severity {@link Severity#ERROR} end {@code mien data check} with
 * exit code 3.
 *
 * <p><b>Exact duplicates</b> have the same bytes or, once decoded, the same pixels. <b>Near
 * duplicates</b> have perceptual hashes that differ in few of 64 bits (DCT of 32x32 grey; C.
 * Zauner, 2010). Of exact duplicates only the first takes part in the search for near ones, and
 * pictures that are all one grey take no part.
 *
 * <p><b>Identities</b> are compared as {@link org.mien.data.manifest.IdentityName}s.
 */
public final class DatasetCheck {
  private DatasetCheck() {}

  /**
   * Checks.
   *
   * @param sets of images; names differ
   * @param protocols to check by themselves and, if they name a set, against its images
   * @param files whose checksums are compared
   * @param options how
   * @param progress is told of images read; from the caller's thread only
   * @param stop is asked often, by several threads; once true, the check ends with what it has
   * @return what was found; the same data give the same report, whatever the number of threads
   * @throws org.mien.core.error.DataException if a file to compare cannot be read
   * @throws IllegalArgumentException if names of sets are equal or unknown
   */
  public static CheckReport run(
      List<CheckedSet> sets,
      List<CheckedProtocol> protocols,
      List<CheckedFile> files,
      CheckOptions options,
      Progress.Factory progress,
      BooleanSupplier stop) {
    requireNames(sets, protocols);
    CheckedRows rows = new CheckedRows(sets);
    ImageDigests digests = ImageDigests.read(rows, options, progress, stop);
    List<Finding> findings = new ArrayList<>();
    findings.addAll(new IdentityFindings(rows, digests, options).find());
    findings.addAll(new DescriptorFindings(rows, digests, options).find(protocols, files));
    findings.addAll(new ProtocolFindings(rows, digests, options).find(protocols));
    DuplicateFindings duplicates = new DuplicateFindings(rows, digests, options);
    findings.addAll(duplicates.find(stop));
    findings.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::kind));
    boolean complete = digests.complete() && duplicates.complete();
    boolean errors = findings.stream().anyMatch(f -> f.severity() == Severity.ERROR);
    return new CheckReport(
        CheckReport.SCHEMA,
        complete,
        complete && !errors,
        counts(rows, digests),
        protocols.stream()
            .map(CheckedProtocol::protocol)
            .map(each -> new CheckReport.ProtocolCounts(each.name(), each.counts()))
            .toList(),
        options.nearDistance(),
        options.mirrored(),
        findings);
  }

  private static void requireNames(List<CheckedSet> sets, List<CheckedProtocol> protocols) {
    Set<String> names = new HashSet<>();
    for (CheckedSet set : sets) {
      if (!names.add(set.name())) {
        throw new IllegalArgumentException("two sets to check are called " + set.name());
      }
    }
    for (CheckedProtocol protocol : protocols) {
      if (protocol.set().isPresent() && !names.contains(protocol.set().get())) {
        throw new IllegalArgumentException("no set to check is called " + protocol.set().get());
      }
    }
  }

  private static List<CheckReport.SetCounts> counts(CheckedRows rows, ImageDigests digests) {
    List<CheckReport.SetCounts> counts = new ArrayList<>();
    for (int set = 0; set < rows.sets().size(); set++) {
      CheckedSet checked = rows.sets().get(set);
      Set<String> identities = new HashSet<>();
      long read = 0;
      long bad = 0;
      long flat = 0;
      for (int row = rows.begin(set); row < rows.end(set); row++) {
        identities.add(checked.manifest().samples().identity(row - rows.begin(set)));
        read += digests.wasRead(row) ? 1 : 0;
        bad += digests.bad(row) ? 1 : 0;
        flat += digests.hashes().length > 0 && digests.decoded(row) && !digests.hashed(row) ? 1 : 0;
      }
      counts.add(
          new CheckReport.SetCounts(
              checked.name(),
              checked.role(),
              rows.end(set) - rows.begin(set),
              identities.size(),
              read,
              bad,
              flat));
    }
    return counts;
  }
}

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
 * <p>The default distance of 4 was chosen by eye. Pairs found, of one identity and of two:
 *
 * <table>
 * <caption>Near duplicates by distance</caption>
 * <tr><th>set, images</th><th>2</th><th>4</th><th>6</th><th>8</th><th>10</th></tr>
 * <tr><td>LFW deep funneled, 4,324</td><td>6, 0</td><td>9, 0</td><td>12, 1</td><td>18, 12</td>
 *     <td>35, 90</td></tr>
 * <tr><td>LFW aligned to 112x112, 7,701</td><td>0, 1</td><td>2, 1</td><td>4, 18</td>
 *     <td>13, 204</td><td>37, 1561</td></tr>
 * <tr><td>ORL, 400</td><td>1, 0</td><td>15, 0</td><td>56, 0</td><td>109, 0</td><td>192, 3</td></tr>
 * <tr><td>Caltech faces, 410</td><td>0, 0</td><td>1, 0</td><td>11, 0</td><td>40, 0</td>
 *     <td>90, 6</td></tr>
 * <tr><td>Congress, 1,557, one each</td><td>0</td><td>0</td><td>1</td><td>19</td><td>72</td></tr>
 * </table>
 *
 * <p>(Distances are even, for a hash has 32 bits set unless coefficients are equal.) At 4 and
 * below, pairs of one identity in the LFW sets are one photograph, processed or cropped anew, or
 * shots of one moment, but for one pair of two photographs; the one pair of two identities is a
 * wrong label of LFW. From 6 on, pairs of two identities are different people. In ORL and Caltech
 * the pairs are shots of one person in one session. Aligned crops are all alike: false pairs grow
 * with the square of the number of images, and of millions of them even a distance of 4 gives many;
 * 2 or 0 is for those. With mirrored pictures, one pair in the aligned set is false at 4, and a
 * mirrored portrait in Congress is found.
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

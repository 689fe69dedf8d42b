package org.mien.data.integrity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.core.error.DataException;
import org.mien.data.descriptor.DatasetDescriptor;
import org.mien.data.descriptor.DatasetDescriptor.Checksum;
import org.mien.data.descriptor.DatasetDescriptor.Part;
import org.mien.data.manifest.FaceSamples;

/** Counts, sizes and checksums that differ from what descriptors say. */
final class DescriptorFindings {
  private final CheckedRows rows;
  private final ImageDigests digests;
  private final CaseCollector cases;

  DescriptorFindings(CheckedRows rows, ImageDigests digests, CheckOptions options) {
    this.rows = rows;
    this.digests = digests;
    this.cases = new CaseCollector(options.mostExamples());
  }

  List<Finding> find(List<CheckedProtocol> protocols, List<CheckedFile> files) {
    for (int set = 0; set < rows.sets().size(); set++) {
      if (rows.sets().get(set).expected().isPresent()) {
        set(set, rows.sets().get(set).expected().get());
      }
    }
    for (CheckedProtocol protocol : protocols) {
      protocol.expected().ifPresent(expected -> protocol(protocol, expected));
    }
    for (int i = 0; i < files.size(); i++) {
      file(files.get(i), i);
    }
    List<Finding> findings = new ArrayList<>();
    cases.into(findings, FindingKind.COUNTS_DIFFER, "%,d counts differ from the descriptor");
    cases.into(
        findings,
        FindingKind.SIZE_DIFFERS,
        "%,d images have another size than the descriptor says");
    cases.into(
        findings,
        FindingKind.CHECKSUM_DIFFERS,
        "%,d files have another checksum than the descriptor says");
    return findings;
  }

  private void set(int set, CheckedSet.Expected expected) {
    Map<String, Long> counts = counts(set);
    DatasetDescriptor descriptor = expected.descriptor();
    String part = expected.part().orElseGet(() -> nearest(descriptor, counts));
    Part wanted = descriptor.part(part).orElseThrow();
    Map<String, Long> known = known(wanted);
    String name = rows.sets().get(set).name();
    known.forEach(
        (key, value) ->
            compare(name, key, value, counts.get(key), descriptor.name() + " images." + part, set));
    wanted.size().ifPresent(size -> sizes(set, size));
  }

  private Map<String, Long> counts(int set) {
    FaceSamples samples = rows.sets().get(set).manifest().samples();
    Map<String, Integer> images = new HashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      images.merge(samples.identity(i), 1, Integer::sum);
    }
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("images", (long) samples.size());
    counts.put("identities", (long) images.size());
    counts.put(
        "identitiesWithTwoOrMore", images.values().stream().filter(count -> count > 1).count());
    return counts;
  }

  private static Map<String, Long> known(Part part) {
    Map<String, Long> known = new LinkedHashMap<>();
    part.images().ifPresent(value -> known.put("images", value));
    part.identities().ifPresent(value -> known.put("identities", value));
    part.identitiesWithTwoOrMore().ifPresent(value -> known.put("identitiesWithTwoOrMore", value));
    return known;
  }

  /** The part that fits, else the one whose number of images is nearest. */
  private static String nearest(DatasetDescriptor descriptor, Map<String, Long> counts) {
    String nearest = DatasetDescriptor.COMPLETE;
    long least = Long.MAX_VALUE;
    for (Map.Entry<String, Part> entry : descriptor.parts().entrySet()) {
      Map<String, Long> known = known(entry.getValue());
      if (!known.isEmpty()
          && known.entrySet().stream()
              .allMatch(each -> each.getValue().equals(counts.get(each.getKey())))) {
        return entry.getKey();
      }
      Optional<Long> images = entry.getValue().images();
      if (images.isPresent() && Math.abs(images.get() - counts.get("images")) < least) {
        least = Math.abs(images.get() - counts.get("images"));
        nearest = entry.getKey();
      }
    }
    return nearest;
  }

  private void sizes(int set, String size) {
    for (int row = rows.begin(set); row < rows.end(set); row++) {
      int at = row;
      String actual = digests.width(row) + "x" + digests.height(row);
      if (digests.decoded(row) && !actual.equals(size)) {
        cases.add(
            FindingKind.SIZE_DIFFERS,
            rows.sets().get(set).name(),
            set,
            row,
            () -> new Finding.Case(List.of(rows.key(at)), actual + ", expected " + size));
      }
    }
  }

  private void protocol(CheckedProtocol checked, CheckedProtocol.Expected expected) {
    Map<String, Long> wanted = expected.descriptor().protocols().get(expected.protocol());
    Map<String, Long> counts = checked.protocol().counts();
    String where = expected.descriptor().name() + " protocols." + expected.protocol();
    int order = 0;
    for (Map.Entry<String, Long> each : wanted.entrySet()) {
      // A descriptor says more of a protocol than it counts itself, such as the number of the view.
      if (counts.containsKey(each.getKey())) {
        compare(
            checked.protocol().name(),
            each.getKey(),
            each.getValue(),
            counts.get(each.getKey()),
            where,
            order++);
      }
    }
  }

  private void compare(String name, String key, long wanted, long actual, String where, int order) {
    if (wanted != actual) {
      cases.add(
          FindingKind.COUNTS_DIFFER,
          name,
          0,
          order,
          () ->
              new Finding.Case(
                  List.of(name + " " + key),
                  String.format("%,d, expected %,d by %s", actual, wanted, where)));
    }
  }

  private void file(CheckedFile checked, int order) {
    Path file = checked.file();
    String name = String.valueOf(file.getFileName());
    Checksum wanted = checked.descriptor().checksums().get(name);
    if (wanted == null) {
      return;
    }
    wanted.md5().ifPresent(digits -> checksum(file, name, "MD5", digits, order));
    wanted.sha256().ifPresent(digits -> checksum(file, name, "SHA-256", digits, order));
  }

  private void checksum(Path file, String name, String algorithm, String wanted, int order) {
    String actual = digest(file, algorithm);
    if (!actual.equals(wanted)) {
      cases.add(
          FindingKind.CHECKSUM_DIFFERS,
          algorithm,
          0,
          order,
          () ->
              new Finding.Case(
                  List.of(file.toString()),
                  algorithm + " of " + name + " is " + actual + ", expected " + wanted));
    }
  }

  private static String digest(Path file, String algorithm) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}

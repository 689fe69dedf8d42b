package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

/**
 * The pairs and people that a model gets most wrong.
 *
 * @param protocol short name as in {@code metrics.json}
 * @param title which pairs, such as {@code LFW View 2}
 * @param threshold from which a pair counts as accepted
 * @param thresholdOrigin where it is from, in words
 * @param falseMatches pairs of two people with the highest scores, the highest first; those below
 *     the threshold are not among them
 * @param falseNonMatches pairs of one person with the lowest scores, the lowest first; those at or
 *     above the threshold are not among them
 * @param identities people with the most errors, the most first; empty where not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorstPairsSection(
    String protocol,
    String title,
    double threshold,
    String thresholdOrigin,
    List<Pair> falseMatches,
    List<Pair> falseNonMatches,
    List<Identity> identities) {
  private static final int MOST_THUMBNAIL_BYTES = 64 * 1024;

  /**
   * One pair.
   *
   * @param score of the pair
   * @param imageA name of the first image, or of its person where images are not named
   * @param imageB the same of the second
   * @param thumbnailA its picture as a {@code data:} URI, or null
   * @param thumbnailB its picture as a {@code data:} URI, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Pair(
      double score, String imageA, String imageB, String thumbnailA, String thumbnailB) {
    public Pair {
      Objects.requireNonNull(imageA, "imageA");
      Objects.requireNonNull(imageB, "imageB");
      requireInline(thumbnailA);
      requireInline(thumbnailB);
    }

    boolean hasThumbnails() {
      return thumbnailA != null || thumbnailB != null;
    }

    private static void requireInline(String uri) {
      if (uri != null && !uri.matches("data:image/(jpeg|png);base64,[A-Za-z0-9+/]+={0,2}")) {
        throw new IllegalArgumentException(
            "expected a picture inside the page, data:image/jpeg;base64,... or"
                + " data:image/png;base64,..., was "
                + uri.substring(0, Math.min(40, uri.length())));
      }
    }
  }

  /**
   * The errors that one person has part in.
   *
   * @param identity who
   * @param missed genuine pairs not accepted, of all of this person
   * @param falseMatches impostor pairs accepted, of all with this person
   */
  public record Identity(String identity, CountedRate missed, CountedRate falseMatches) {
    long errors() {
      return missed.errors() + falseMatches.errors();
    }
  }

  public WorstPairsSection {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(title, "title");
    falseMatches = ReportParts.list(falseMatches);
    falseNonMatches = ReportParts.list(falseNonMatches);
    identities = ReportParts.list(identities);
  }

  /**
   * Finds the worst pairs and people.
   *
   * @param most how many of each kind
   * @param thumbnails pictures by the names of images; {@link Thumbnails#none} unless asked for
   * @throws IllegalArgumentException if a picture is no JPEG or PNG, or larger than 64 KiB
   */
  public static WorstPairsSection of(
      String protocol,
      String title,
      List<ComparedImages> pairs,
      Similarity threshold,
      String thresholdOrigin,
      int most,
      Thumbnails thumbnails) {
    Comparator<ComparedImages> rising =
        Comparator.comparing((ComparedImages images) -> images.pair().similarity());
    List<Pair> falseMatches =
        pairs.stream()
            .filter(images -> !images.pair().genuine())
            .filter(images -> images.pair().similarity().reaches(threshold))
            .sorted(rising.reversed())
            .limit(most)
            .map(images -> pair(images, thumbnails))
            .toList();
    List<Pair> falseNonMatches =
        pairs.stream()
            .filter(images -> images.pair().genuine())
            .filter(images -> !images.pair().similarity().reaches(threshold))
            .sorted(rising)
            .limit(most)
            .map(images -> pair(images, thumbnails))
            .toList();
    return new WorstPairsSection(
        protocol,
        title,
        threshold.value(),
        thresholdOrigin,
        falseMatches,
        falseNonMatches,
        identities(pairs, threshold, most));
  }

  private static List<Identity> identities(
      List<ComparedImages> pairs, Similarity threshold, int most) {
    // Missed, genuine, accepted, impostor.
    Map<String, long[]> counts = new TreeMap<>();
    for (ComparedImages images : pairs) {
      ScoredPair pair = images.pair();
      if (!pair.hasIdentities()) {
        return List.of();
      }
      boolean accepted = pair.similarity().reaches(threshold);
      long[] first = counts.computeIfAbsent(pair.identityA(), name -> new long[4]);
      if (pair.genuine()) {
        first[0] += accepted ? 0 : 1;
        first[1]++;
      } else {
        long[] second = counts.computeIfAbsent(pair.identityB(), name -> new long[4]);
        first[2] += accepted ? 1 : 0;
        first[3]++;
        second[2] += accepted ? 1 : 0;
        second[3]++;
      }
    }
    List<Identity> identities = new ArrayList<>();
    counts.forEach(
        (name, count) -> {
          if (count[0] + count[2] > 0) {
            identities.add(
                new Identity(
                    name, CountedRate.of(count[0], count[1]), CountedRate.of(count[2], count[3])));
          }
        });
    identities.sort(
        Comparator.comparingLong(Identity::errors).reversed().thenComparing(Identity::identity));
    return identities.subList(0, Math.min(most, identities.size()));
  }

  private static Pair pair(ComparedImages images, Thumbnails thumbnails) {
    ScoredPair pair = images.pair();
    boolean named = images.imageA() != null;
    return new Pair(
        pair.similarity().value(),
        named ? images.imageA() : unnamed(pair.identityA()),
        named ? images.imageB() : unnamed(pair.identityB()),
        named ? uri(images.imageA(), thumbnails) : null,
        named ? uri(images.imageB(), thumbnails) : null);
  }

  private static String unnamed(String identity) {
    return identity == null ? "(not named)" : identity;
  }

  private static String uri(String key, Thumbnails thumbnails) {
    byte[] bytes = thumbnails.of(key).orElse(null);
    if (bytes == null) {
      return null;
    }
    boolean jpeg = bytes.length > 3 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xd8;
    boolean png = bytes.length > 8 && (bytes[0] & 0xff) == 0x89 && bytes[1] == 'P';
    if ((!jpeg && !png) || bytes.length > MOST_THUMBNAIL_BYTES) {
      throw new IllegalArgumentException(
          "thumbnail of "
              + key
              + ": expected a JPEG or PNG file of at most "
              + MOST_THUMBNAIL_BYTES
              + " bytes, were "
              + bytes.length
              + " bytes of "
              + (jpeg ? "JPEG" : png ? "PNG" : "something else"));
    }
    return "data:image/"
        + (jpeg ? "jpeg" : "png")
        + ";base64,"
        + Base64.getEncoder().encodeToString(bytes);
  }
}

package org.mien.data.protocol;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Verification and identification of templates, each made of several images of one person, as IJB-B
 * and IJB-C have it. Templates are numbered from 0 in ascending order of their ids.
 *
 * <p>Memory: 8 bytes and a bit for each pair, of which IJB-C has 15.7 million.
 */
public final class TemplateProtocol implements Protocol {
  private final String name;
  private final IjbMembers images;
  private final Optional<IjbPoints> points;
  private final int[] templateIds;
  private final int[] firstMember;
  private final int[] memberImage;
  private final int[] pairA;
  private final int[] pairB;
  private final BitSet genuine;
  private final List<Gallery> galleries;
  private final Optional<Gallery> probes;

  /**
   * A set of templates with who they show: a gallery, or the probes.
   *
   * @param name for reports, for example {@code G1}
   * @param subjectOf subject by template id
   */
  public record Gallery(String name, Map<Integer, Integer> subjectOf) {
    public Gallery {
      subjectOf = Map.copyOf(subjectOf);
    }
  }

  TemplateProtocol(
      String name,
      IjbMembers images,
      Optional<IjbPoints> points,
      int[] templateIds,
      int[] firstMember,
      int[] memberImage,
      int[] pairA,
      int[] pairB,
      BitSet genuine,
      List<Gallery> galleries,
      Optional<Gallery> probes) {
    this.name = name;
    this.images = images;
    this.points = points;
    this.templateIds = templateIds;
    this.firstMember = firstMember;
    this.memberImage = memberImage;
    this.pairA = pairA;
    this.pairB = pairB;
    this.genuine = genuine;
    this.galleries = List.copyOf(galleries);
    this.probes = probes;
  }

  @Override
  public String name() {
    return name;
  }

  /** Returns the keys of all images, in the order of the set's list. */
  public List<String> images() {
    return images.keys();
  }

  @Override
  public List<String> keys() {
    return images.keys().stream().distinct().toList();
  }

  /** Returns how many templates there are. */
  public int templates() {
    return templateIds.length;
  }

  /** Returns the id that the set gives a template. */
  public int templateId(int template) {
    return templateIds[template];
  }

  /** Returns where the images of a template begin among all members; they end before the next's. */
  public int firstMember(int template) {
    return firstMember[template];
  }

  /** Returns which image a member is, as an index into {@link #images()}. */
  public int memberImage(int member) {
    return memberImage[member];
  }

  /** Returns the medium a member comes from: frames of one video share it. */
  public int memberMedia(int member) {
    return images.medium(memberImage[member]);
  }

  /**
   * Returns how sure the detector was of each image's face, by which features may be weighted when
   * a template is pooled; empty where the protocol was opened without these scores.
   */
  public Optional<IjbPoints> points() {
    return points;
  }

  /** Returns how many pairs are compared. */
  public int pairs() {
    return pairA.length;
  }

  /** Returns the first template of a pair. */
  public int pairA(int pair) {
    return pairA[pair];
  }

  /** Returns the second template of a pair. */
  public int pairB(int pair) {
    return pairB[pair];
  }

  /** Returns whether a pair shows one person. */
  public boolean genuine(int pair) {
    return genuine.get(pair);
  }

  /** Returns the galleries, which are searched one by one: their people overlap with nobody's. */
  public List<Gallery> galleries() {
    return galleries;
  }

  /** Returns the templates that are looked for in each gallery, where the set has them. */
  public Optional<Gallery> probes() {
    return probes;
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("images", (long) images.size());
    counts.put("media", IntStream.range(0, images.size()).map(images::medium).distinct().count());
    counts.put("templates", (long) templateIds.length);
    counts.put("pairs", (long) pairA.length);
    counts.put("genuine", (long) genuine.cardinality());
    counts.put("impostor", (long) pairA.length - genuine.cardinality());
    galleries.forEach(
        gallery -> counts.put("gallery " + gallery.name(), (long) gallery.subjectOf().size()));
    probes.ifPresent(found -> counts.put("probes", (long) found.subjectOf().size()));
    return counts;
  }
}

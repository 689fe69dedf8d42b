package org.mien.data.descriptor;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.Setting;

/**
 * What is known of a data set: a file {@code datasets/NAME.yaml}.
 *
 * @param name short name, that of the file
 * @param title full name
 * @param citation the paper to cite
 * @param origin page or words that say where it comes from
 * @param mirrors other places of its files, by file name
 * @param openedBy the {@code type:} of the sources and protocols that read it
 * @param layout how its files lie
 * @param images what it consists of
 * @param protocols counts by name, for each protocol by name
 * @param checksums by file name
 * @param licence terms of use
 * @param consent whether the people shown agreed
 * @param limits what results on it do not say
 * @param triedOnRealFiles whether Mien has read the real files, not only ones made for tests
 * @param tried what was read, or what stands in for it
 * @param unverified keys whose values are from memory and were compared with no document and no
 *     file, such as {@code images.complete.identities}
 */
public record DatasetDescriptor(
    @Setting("Short name, that of the file.") String name,
    @Setting("Full name.") String title,
    @Setting("The paper to cite.") String citation,
    @Setting("Where it comes from.") String origin,
    @Setting(value = "Other places of its files, by file name.", defaultValue = "{}")
        Map<String, String> mirrors,
    @Setting("Types of the sources and protocols that read it.") List<String> openedBy,
    @Setting("How its files lie.") String layout,
    @Setting("What it consists of.") Images images,
    @Setting(value = "Counts of each protocol, by its name.", defaultValue = "{}")
        Map<String, Map<String, Long>> protocols,
    @Setting(value = "Checksums by file name.", defaultValue = "{}")
        Map<String, Checksum> checksums,
    @Setting("Terms of use.") String licence,
    @Setting("Whether the people shown agreed.") String consent,
    @Setting("What results on it do not say.") String limits,
    @Setting("Whether Mien has read the real files.") boolean triedOnRealFiles,
    @Setting("What was read, or what stands in for it.") String tried,
    @Setting(
            value = "Keys whose values are from memory, such as images.complete.identities.",
            defaultValue = "[]")
        List<String> unverified) {
  /** The part that is the whole set. */
  public static final String COMPLETE = "complete";

  public DatasetDescriptor {
    for (String text :
        List.of(name, title, citation, origin, layout, licence, consent, limits, tried)) {
      if (text.isBlank()) {
        throw new IllegalArgumentException("expected text, was blank");
      }
    }
    openedBy = List.copyOf(openedBy);
    if (openedBy.isEmpty()) {
      throw new IllegalArgumentException("expected a type in openedBy, was empty");
    }
    unverified = List.copyOf(unverified);
    Set<String> known = keys(mirrors, images, protocols, checksums);
    for (String key : unverified) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "unverified names the key " + key + ", which is not given; given: " + known);
      }
    }
  }

  /**
   * The images of a data set.
   *
   * @param complete all of it
   * @param subsets parts of it that are used by themselves, by name
   */
  public record Images(
      @Setting("All of it.") Part complete,
      @Setting(value = "Parts that are used by themselves.", defaultValue = "{}")
          Map<String, Part> subsets) {
    public Images {
      if (subsets.containsKey(COMPLETE)) {
        throw new IllegalArgumentException("a subset may not be called " + COMPLETE);
      }
    }
  }

  /**
   * What a set or a part of it consists of; what is not given is not known.
   *
   * @param images how many
   * @param identities how many
   * @param identitiesWithTwoOrMore identities with at least two images
   * @param size width and height of every image, {@code 250x250}
   * @param format of the files
   * @param colour where it is not 8-bit RGB
   * @param rule which images belong to it
   */
  public record Part(
      @Setting(value = "Number of images.", min = 1) Optional<Long> images,
      @Setting(value = "Number of identities.", min = 1) Optional<Long> identities,
      @Setting(value = "Identities with at least two images.", min = 0)
          Optional<Long> identitiesWithTwoOrMore,
      @Setting("Width and height of every image, 250x250.") Optional<String> size,
      @Setting("Format of the files.") Optional<String> format,
      @Setting("Colour, where it is not 8-bit RGB.") Optional<String> colour,
      @Setting("Which images belong to it.") Optional<String> rule) {
    private static final Pattern SIZE = Pattern.compile("[1-9]\\d{0,4}x[1-9]\\d{0,4}");

    public Part {
      if (size.isPresent() && !SIZE.matcher(size.get()).matches()) {
        throw new IllegalArgumentException("expected a size like 250x250, was " + size.get());
      }
      if (images.isPresent() && identities.isPresent() && identities.get() > images.get()) {
        throw new IllegalArgumentException(
            identities.get() + " identities of " + images.get() + " images");
      }
    }

    private Map<String, Object> given() {
      Map<String, Object> given = new LinkedHashMap<>();
      images.ifPresent(value -> given.put("images", value));
      identities.ifPresent(value -> given.put("identities", value));
      identitiesWithTwoOrMore.ifPresent(value -> given.put("identitiesWithTwoOrMore", value));
      size.ifPresent(value -> given.put("size", value));
      format.ifPresent(value -> given.put("format", value));
      colour.ifPresent(value -> given.put("colour", value));
      rule.ifPresent(value -> given.put("rule", value));
      return given;
    }
  }

  /**
   * Checksums of a file, in lower-case hexadecimal digits.
   *
   * @param md5 32 digits
   * @param sha256 64 digits
   */
  public record Checksum(
      @Setting("MD5, 32 hexadecimal digits.") Optional<String> md5,
      @Setting("SHA-256, 64 hexadecimal digits.") Optional<String> sha256) {
    public Checksum {
      check(md5, 32);
      check(sha256, 64);
      if (md5.isEmpty() && sha256.isEmpty()) {
        throw new IllegalArgumentException("expected an md5 or a sha256");
      }
    }

    private static void check(Optional<String> digits, int length) {
      if (digits.isPresent() && !digits.get().matches("[0-9a-f]{" + length + "}")) {
        throw new IllegalArgumentException(
            "expected " + length + " lower-case hexadecimal digits, was " + digits.get());
      }
    }
  }

  /**
   * Reads a descriptor.
   *
   * @throws org.mien.core.error.ConfigException if it is missing or wrong, with every problem
   */
  public static DatasetDescriptor load(Path file) {
    return ConfigLoader.load(file, DatasetDescriptor.class, List.of(), Map.of()).value();
  }

  /** Returns the complete set or a subset by its name. */
  public Optional<Part> part(String part) {
    return part.equals(COMPLETE)
        ? Optional.of(images.complete())
        : Optional.ofNullable(images.subsets().get(part));
  }

  /** Returns the complete set, under {@link #COMPLETE}, and the subsets. */
  public Map<String, Part> parts() {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put(COMPLETE, images.complete());
    parts.putAll(images.subsets());
    return parts;
  }

  private static Set<String> keys(
      Map<String, String> mirrors,
      Images images,
      Map<String, Map<String, Long>> protocols,
      Map<String, Checksum> checksums) {
    Set<String> keys =
        new TreeSet<>(
            List.of("title", "citation", "origin", "layout", "licence", "consent", "limits"));
    mirrors.keySet().forEach(file -> keys.add("mirrors." + file));
    addPart(keys, "images.complete", images.complete());
    images.subsets().forEach((name, part) -> addPart(keys, "images.subsets." + name, part));
    protocols.forEach(
        (name, counts) -> {
          keys.add("protocols." + name);
          counts.keySet().forEach(count -> keys.add("protocols." + name + "." + count));
        });
    checksums.keySet().forEach(file -> keys.add("checksums." + file));
    return keys;
  }

  private static void addPart(Set<String> keys, String prefix, Part part) {
    keys.add(prefix);
    part.given().keySet().forEach(key -> keys.add(prefix + "." + key));
  }
}

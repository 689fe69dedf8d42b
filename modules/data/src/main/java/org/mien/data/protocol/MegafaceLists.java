package org.mien.data.protocol;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.IdentityName;

/**
 * Lists of an own MegaFace: probes, and distractor lists of several sizes, each in several sets
 * drawn at random.
 *
 * @param probes all images of everybody who has two or more
 * @param distractors the lists by the end of their name, {@code SIZE_SET}
 */
public record MegafaceLists(MegafaceList probes, Map<String, MegafaceList> distractors) {
  /** What the kit calls its list of probes. */
  public static final String PROBES = "facescrub_features_list.json";

  /** What the kit's lists of distractors begin with; an underscore, size and set follow. */
  public static final String DISTRACTORS = "megaface_features_list.json";

  public MegafaceLists {
    distractors = Map.copyOf(distractors);
  }

  /**
   * Draws lists.
   *
   * <p>Each list is drawn without repetition from the stream {@code megaface-distractors} of its
   * size and set, so one list does not depend on which others are made.
   *
   * @param probes people with a single image are left out, for they have no mate
   * @param others images of people who are no probes
   * @param sizes of the lists of distractors
   * @param sets how many lists of each size, numbered from 1
   * @throws DataException if nobody has two images, or somebody is both a probe and a distractor
   * @throws IllegalArgumentException if a size is less than 1 or above the number of distractors
   */
  public static MegafaceLists draw(
      FaceSamples probes, FaceSamples others, List<Integer> sizes, int sets, SeedStreams seeds) {
    MegafaceList known = probesOf(probes);
    checkDisjoint(known, others);
    if (sets < 1) {
      throw new IllegalArgumentException("expected at least 1 set, was " + sets);
    }
    Map<String, MegafaceList> lists = new HashMap<>();
    for (int size : sizes) {
      if (size < 1 || size > others.size()) {
        throw new IllegalArgumentException(
            "expected a size of 1 to the " + others.size() + " distractors, was " + size);
      }
      for (int set = 1; set <= sets; set++) {
        SplittableRandom random = seeds.stream("megaface-distractors", size, set);
        lists.put(String.format(Locale.ROOT, "%d_%d", size, set), drawOne(others, size, random));
      }
    }
    return new MegafaceLists(known, lists);
  }

  private static MegafaceList probesOf(FaceSamples samples) {
    Map<String, Integer> images = new HashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      images.merge(samples.identity(i), 1, Integer::sum);
    }
    List<String> paths = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      if (images.get(samples.identity(i)) > 1) {
        paths.add(samples.key(i));
        ids.add(samples.identity(i));
      }
    }
    if (paths.isEmpty()) {
      throw new DataException(
          "none of " + images.size() + " people has two images; a probe needs a mate");
    }
    return new MegafaceList(paths, Optional.of(ids));
  }

  private static void checkDisjoint(MegafaceList probes, FaceSamples others) {
    Set<IdentityName> people = new HashSet<>();
    new HashSet<>(probes.ids().orElseThrow()).forEach(name -> people.add(IdentityName.of(name)));
    Set<String> checked = new HashSet<>();
    Set<String> both = new TreeSet<>();
    for (int i = 0; i < others.size(); i++) {
      String name = others.identity(i);
      if (checked.add(name) && people.contains(IdentityName.of(name))) {
        both.add(name);
      }
    }
    if (!both.isEmpty()) {
      throw new DataException(
          both.size() + " people are probes and distractors, such as " + both.iterator().next());
    }
  }

  /** The first steps of Fisher-Yates. */
  private static MegafaceList drawOne(FaceSamples others, int size, SplittableRandom random) {
    int[] rows = new int[others.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    List<String> paths = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      int j = i + random.nextInt(rows.length - i);
      int drawn = rows[j];
      rows[j] = rows[i];
      paths.add(others.key(drawn));
    }
    return new MegafaceList(paths, Optional.empty());
  }

  /**
   * Reads the list of probes and all lists of distractors of a folder.
   *
   * @throws DataException if the folder has none, or one is no such list, naming the file
   */
  public static MegafaceLists read(Path folder) {
    Map<String, MegafaceList> found = new HashMap<>();
    String beginning = DISTRACTORS + "_";
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, beginning + "*")) {
      for (Path file : files) {
        String end = file.getFileName().toString().substring(beginning.length());
        if (end.matches("[0-9]{1,9}_[0-9]{1,9}")) {
          found.put(end, MegafaceList.read(file));
        }
      }
    } catch (IOException e) {
      throw DataException.in(folder, "cannot be listed (" + e.getClass().getSimpleName() + ")", e);
    }
    if (found.isEmpty()) {
      throw DataException.in(
          folder,
          "has no list "
              + beginning
              + "SIZE_SET; mien data megaface PROBES DISTRACTORS --out DIR writes some");
    }
    Path file = folder.resolve(PROBES);
    MegafaceList known = MegafaceList.read(file);
    if (known.ids().isEmpty()) {
      throw DataException.in(file, "has no ids; expected a list of probes");
    }
    return new MegafaceLists(known, found);
  }

  /** Writes all lists into a folder, under the names that the kit looks for. */
  public void write(Path folder) {
    probes.write(folder.resolve(PROBES));
    distractors.forEach((end, list) -> list.write(folder.resolve(DISTRACTORS + "_" + end)));
  }
}

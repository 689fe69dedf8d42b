package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.Skipped;
import org.mien.data.protocol.LfwPeople;

/**
 * Labeled Faces in the Wild, in any of its versions: {@code Name/Name_0001.jpg}. Files of other
 * names are left out and listed, for LFW's protocols name images by person and number.
 *
 * <p>With {@code people} only the people named there are used, of each the images that the list
 * counts; people and images of the list that the folder lacks are listed in one line each kind, for
 * many copies of LFW hold a part of it.
 *
 * <p>G. Huang, M. Ramesh, T. Berg, E. Learned-Miller: Labeled Faces in the Wild, University of
 * Massachusetts, Technical Report 07-49, 2007.
 *
 * @param folder holds a folder for each person
 * @param minimumImages people with fewer images are left out, and counted
 * @param people a list such as people.txt or peopleDevTrain.txt
 * @param peopleFold which of its sets, counted from 1; all where it is not given
 */
@TypeName("lfw")
public record LfwConfig(
    @Setting("Folder that holds a folder for each person, such as lfw-deepfunneled.") Path folder,
    @Setting(
            value = "People with fewer images than this are left out.",
            defaultValue = "1",
            min = 1,
            max = 100000)
        int minimumImages,
    @Setting(
            "List of the people to use: people.txt, peopleDevTrain.txt or peopleDevTest.txt."
                + " All people where it is not given.")
        Optional<Path> people,
    @Setting(
            value = "Which of the sets of people.txt to use, counted from 1; all by default.",
            min = 1,
            max = 1000)
        Optional<Integer> peopleFold)
    implements DatasetConfig {
  private static final Pattern NUMBERED = Pattern.compile("(.+)_(\\d{4})\\.jpg");

  public LfwConfig {
    IdentityFolders.checkMinimumImages(minimumImages);
    if (peopleFold.isPresent() && people.isEmpty()) {
      throw new IllegalArgumentException(
          "peopleFold was " + peopleFold.get() + " without people, the list it belongs to");
    }
  }

  /** All people of a folder. */
  public LfwConfig(Path folder, int minimumImages) {
    this(folder, minimumImages, Optional.empty(), Optional.empty());
  }

  @Override
  public FaceManifest open(SeedStreams seeds) {
    if (people.isEmpty()) {
      return new IdentityFolders(name(), folder, minimumImages, LfwConfig::problemWithName).open();
    }
    Map<String, Integer> counts = new HashMap<>();
    for (LfwPeople.Person person : wanted(LfwPeople.read(people.get()))) {
      counts.put(person.name(), person.images());
    }
    IdentityFolders folders =
        new IdentityFolders(
                name(),
                folder,
                minimumImages,
                (identity, file) -> problemWithNumber(counts, identity, file))
            .only(counts.keySet());
    FaceManifest manifest = folders.open();
    List<Skipped> skipped = new ArrayList<>(missing(counts, folders.imagesOfWanted()));
    skipped.addAll(manifest.skipped());
    return new FaceManifest(manifest.name(), manifest.samples(), skipped);
  }

  @Override
  public String name() {
    return FolderListing.nameOf(folder);
  }

  private List<LfwPeople.Person> wanted(LfwPeople list) {
    if (peopleFold.isEmpty()) {
      return list.people();
    }
    if (peopleFold.get() > list.folds()) {
      throw DataException.in(
          people.get(), "has " + list.folds() + " sets; peopleFold asks for " + peopleFold.get());
    }
    return list.inFold(peopleFold.get() - 1);
  }

  /** What the list names and the folder lacks: people, and images of people who are there. */
  private List<Skipped> missing(Map<String, Integer> counts, Map<String, Integer> found) {
    int people = 0;
    long imagesOfPeople = 0;
    int incomplete = 0;
    long imagesOfIncomplete = 0;
    for (Map.Entry<String, Integer> person : counts.entrySet()) {
      int there = found.getOrDefault(person.getKey(), 0);
      if (there == 0) {
        people++;
        imagesOfPeople += person.getValue();
      } else if (there < person.getValue()) {
        incomplete++;
        imagesOfIncomplete += person.getValue() - there;
      }
    }
    String list = this.people.orElseThrow().getFileName().toString();
    List<Skipped> missing = new ArrayList<>();
    if (people > 0) {
      missing.add(
          new Skipped(
              "*",
              String.format(
                  "%d people whom %s names, with %d images, are missing",
                  people, list, imagesOfPeople)));
    }
    if (incomplete > 0) {
      missing.add(
          new Skipped(
              "*",
              String.format(
                  "%d images that %s counts, of %d people who are there, are missing",
                  imagesOfIncomplete, list, incomplete)));
    }
    return missing;
  }

  private static Optional<String> problemWithNumber(
      Map<String, Integer> counts, String identity, String file) {
    Optional<String> problem = problemWithName(identity, file);
    int dot = file.length() - ".jpg".length();
    if (problem.isEmpty()
        && Integer.parseInt(file.substring(dot - 4, dot)) > counts.get(identity)) {
      return Optional.of(
          "is numbered above the "
              + counts.get(identity)
              + " images that the list of people counts");
    }
    return problem;
  }

  private static Optional<String> problemWithName(String identity, String file) {
    Matcher matcher = NUMBERED.matcher(file);
    boolean right =
        matcher.matches() && matcher.group(1).equals(identity) && !matcher.group(2).equals("0000");
    return right
        ? Optional.empty()
        : Optional.of("expected a name such as " + identity + "_0001.jpg");
  }
}

package org.mien.data.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.source.LfwConfig;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

class SplitTest {
  @Property(tries = 300)
  void everySampleHasOnePurposeAndEveryTrainingIdentityATrainingImage(
      @ForAll @Size(min = 3, max = 20) List<@IntRange(min = 1, max = 30) Integer> images,
      @ForAll @DoubleRange(min = 0, max = 0.6) double fraction,
      @ForAll @IntRange(min = 0, max = 8) int test,
      @ForAll @IntRange(min = 0, max = 8) int validation,
      @ForAll long seed) {
    FaceManifest manifest = Faces.manifest(images);
    int testEvery = test == 1 ? 0 : test;
    int validationEvery = validation == 1 ? 0 : validation;
    SplitConfig config = new SplitConfig(fraction, testEvery, validationEvery);
    Split split = Split.of(manifest, config, new SeedStreams(seed));

    List<FaceSample> all = new ArrayList<>();
    Stream.of(split.train(), split.validation(), split.test(), split.verification())
        .forEach(all::addAll);
    assertEquals(manifest.samples().size(), all.size());
    assertEquals(Set.copyOf(manifest.samples()), Set.copyOf(all));

    Set<String> heldOut = identitiesOf(split.verification());
    assertTrue(Collections.disjoint(heldOut, split.identities()));
    assertEquals(new TreeSet<>(split.identities()), identitiesOf(split.train()));
    assertTrue(split.identities().containsAll(identitiesOf(split.validation())));
    assertTrue(split.identities().containsAll(identitiesOf(split.test())));
    assertEquals(split.identities().stream().sorted().toList(), split.identities());
    int expected = fraction == 0 ? 0 : (int) Math.max(2, Math.round(fraction * images.size()));
    assertEquals(expected, heldOut.size());

    for (String identity : split.identities()) {
      int n = images.get(Integer.parseInt(identity.substring(1)));
      int inTest = testEvery == 0 ? 0 : n / testEvery;
      assertEquals(inTest, Faces.count(split.test(), identity));
      assertEquals(
          validationEvery == 0 ? 0 : (n - inTest) / validationEvery,
          Faces.count(split.validation(), identity));
    }
    assertEquals(split, Split.of(manifest, config, new SeedStreams(seed)));
  }

  /** Most people have one image, a few have hundreds: the shape of every set from the web. */
  @Property(tries = 60)
  void onALopsidedSetNoIdentityIsSharedAndTheLargestDoNotDecide(
      @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 200, max = 600) Integer> large,
      @ForAll @IntRange(min = 20, max = 60) int single,
      @ForAll @DoubleRange(min = 0.05, max = 0.5) double fraction,
      @ForAll long seed) {
    List<Integer> images = new ArrayList<>(large);
    images.addAll(Collections.nCopies(single, 1));
    Split split =
        Split.of(Faces.manifest(images), new SplitConfig(fraction, 5, 8), new SeedStreams(seed));
    Set<String> heldOut = identitiesOf(split.verification());
    // The fraction is of people, not of images.
    assertEquals(Math.max(2, Math.round(fraction * images.size())), heldOut.size());
    for (List<FaceSample> seen : List.of(split.train(), split.validation(), split.test())) {
      assertTrue(Collections.disjoint(heldOut, identitiesOf(seen)));
    }
    for (FaceSample sample : split.test()) {
      assertTrue(split.identities().contains(sample.identity()));
    }
    // Whoever has one image is trained on and never tested.
    long singlesTrained =
        split.identities().stream().filter(name -> imagesOf(name, images) == 1).count();
    assertEquals(
        singlesTrained,
        split.train().stream().filter(s -> imagesOf(s.identity(), images) == 1).count());
    for (String name : split.identities()) {
      if (imagesOf(name, images) > 1) {
        int n = imagesOf(name, images);
        assertEquals(n / 5, Faces.count(split.test(), name));
        assertEquals((n - n / 5) / 8, Faces.count(split.validation(), name));
      }
    }
  }

  private static int imagesOf(String identity, List<Integer> images) {
    return images.get(Integer.parseInt(identity.substring(1)));
  }

  @Test
  void everyFifthImageIsForTheTestAndOfTheRestEveryFourthForValidation() {
    Split split =
        Split.of(Faces.manifest(List.of(11)), new SplitConfig(0, 5, 4), new SeedStreams(1));
    assertEquals(List.of("p00/05", "p00/10"), Faces.keys(split.test()));
    // Left are 1 2 3 4 6 7 8 9 11: the fourth is 4, the eighth 9.
    assertEquals(List.of("p00/04", "p00/09"), Faces.keys(split.validation()));
    assertEquals(
        List.of("p00/01", "p00/02", "p00/03", "p00/06", "p00/07", "p00/08", "p00/11"),
        Faces.keys(split.train()));
    assertEquals(List.of(), split.verification());
  }

  @Test
  void anotherSeedHoldsOutOtherIdentities() {
    FaceManifest manifest = Faces.manifest(Collections.nCopies(50, 3));
    SplitConfig config = new SplitConfig(0.2, 5, 8);
    Set<String> first = identitiesOf(Split.of(manifest, config, new SeedStreams(1)).verification());
    Set<String> second =
        identitiesOf(Split.of(manifest, config, new SeedStreams(2)).verification());
    assertEquals(10, first.size());
    assertNotEquals(first, second);
  }

  @Test
  void aSplitThatLeavesNothingToTrainOnIsRefused() {
    FaceManifest two = Faces.manifest(List.of(5, 5));
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> Split.of(two, new SplitConfig(0.2, 5, 8), new SeedStreams(1)));
    assertTrue(e.getMessage().contains("holds out 2 of the 2 identities"), e.getMessage());
    assertThrows(
        DataException.class,
        () ->
            Split.of(
                new FaceManifest("empty", List.of(), List.of()),
                new SplitConfig(0, 0, 0),
                new SeedStreams(1)));
    assertThrows(IllegalArgumentException.class, () -> new SplitConfig(1, 5, 8));
    assertThrows(IllegalArgumentException.class, () -> new SplitConfig(Double.NaN, 5, 8));
    assertThrows(IllegalArgumentException.class, () -> new SplitConfig(0, 1, 8));
    assertThrows(IllegalArgumentException.class, () -> new SplitConfig(0, 5, -1));
  }

  @Test
  @DataTest
  void lfwSplitsByItsRules() {
    FaceManifest manifest =
        new LfwConfig(DataFolder.path().resolve("data/lfw/lfw-deepfunneled"), 1)
            .open(new SeedStreams(1));
    Split split = Split.of(manifest, new SplitConfig(0.2, 5, 8), new SeedStreams(1));
    assertEquals(126, split.identities().size());
    assertEquals(32, identitiesOf(split.verification()).size());
    assertEquals(126, identitiesOf(split.test()).size());
    assertEquals(126, identitiesOf(split.validation()).size());
  }

  private static Set<String> identitiesOf(List<FaceSample> samples) {
    Set<String> identities = new HashSet<>();
    samples.forEach(sample -> identities.add(sample.identity()));
    return new TreeSet<>(identities);
  }
}

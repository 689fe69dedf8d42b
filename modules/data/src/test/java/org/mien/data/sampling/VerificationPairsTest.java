package org.mien.data.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairList;

class VerificationPairsTest {
  @Property(tries = 300)
  void noPairComesTwiceAndAsManyComeAsExist(
      @ForAll @Size(max = 9) List<@IntRange(min = 1, max = 7) Integer> images,
      @ForAll @IntRange(min = 0, max = 150) int genuine,
      @ForAll @IntRange(min = 0, max = 400) int impostor,
      @ForAll long seed) {
    List<FaceSample> samples = Faces.manifest(images).samples();
    PairList list = VerificationPairs.generate(samples, genuine, impostor, new SeedStreams(seed));
    int total = images.stream().mapToInt(Integer::intValue).sum();
    int genuineExist = images.stream().mapToInt(n -> n * (n - 1) / 2).sum();
    int impostorExist = total * (total - 1) / 2 - genuineExist;
    assertEquals(Math.min(genuine, genuineExist), list.genuineCount());
    assertEquals(Math.min(impostor, impostorExist), list.impostorCount());
    Map<String, String> identityOf =
        samples.stream().collect(Collectors.toMap(FaceSample::key, FaceSample::identity));
    Set<Set<String>> seen = new HashSet<>();
    for (Pair pair : list.pairs()) {
      assertTrue(seen.add(Set.of(pair.keyA(), pair.keyB())), "twice: " + pair);
      assertEquals(identityOf.get(pair.keyA()), pair.identityA());
      assertEquals(identityOf.get(pair.keyB()), pair.identityB());
    }
    assertEquals(
        list, VerificationPairs.generate(samples, genuine, impostor, new SeedStreams(seed)));
  }

  @Property(tries = 50)
  void identitiesOfEqualSizeOccurEquallyOften(
      @ForAll @IntRange(min = 3, max = 12) int identities,
      @ForAll @IntRange(min = 1, max = 3) int rounds,
      @ForAll long seed) {
    List<FaceSample> samples = Faces.manifest(Collections.nCopies(identities, 6)).samples();
    PairList list =
        VerificationPairs.generate(
            samples, identities * rounds, identities * rounds, new SeedStreams(seed));
    Map<String, Integer> genuine = new HashMap<>();
    Map<String, Integer> impostor = new HashMap<>();
    for (Pair pair : list.pairs()) {
      Map<String, Integer> counts = pair.genuine() ? genuine : impostor;
      counts.merge(pair.identityA(), 1, Integer::sum);
      counts.merge(pair.identityB(), 1, Integer::sum);
    }
    assertEquals(Set.of(2 * rounds), Set.copyOf(genuine.values()));
    int low = Collections.min(impostor.values());
    int high = Collections.max(impostor.values());
    assertEquals(identities, impostor.size());
    assertTrue(high - low <= 2, low + " to " + high);
  }

  @Test
  void anIdentityWithManyImagesDoesNotTakeOver() {
    List<FaceSample> samples = Faces.manifest(List.of(90, 3, 3, 3)).samples();
    PairList list = VerificationPairs.generate(samples, 12, 0, new SeedStreams(3));
    Map<String, Long> counts =
        list.pairs().stream()
            .collect(Collectors.groupingBy(Pair::identityA, Collectors.counting()));
    assertEquals(Map.of("p00", 3L, "p01", 3L, "p02", 3L, "p03", 3L), counts);
  }

  @Test
  void everyGenuinePairCanBeDrawn() {
    List<FaceSample> samples = Faces.manifest(List.of(4)).samples();
    Set<String> drawn = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      Pair pair = VerificationPairs.generate(samples, 1, 0, new SeedStreams(seed)).pairs().get(0);
      drawn.add(pair.keyA() + pair.keyB());
    }
    assertEquals(6, drawn.size());
  }

  @Test
  void anotherSeedDrawsOtherPairs() {
    List<FaceSample> samples = Faces.manifest(Collections.nCopies(10, 10)).samples();
    assertNotEquals(
        VerificationPairs.generate(samples, 20, 20, new SeedStreams(1)),
        VerificationPairs.generate(samples, 20, 20, new SeedStreams(2)));
    assertThrows(
        IllegalArgumentException.class,
        () -> VerificationPairs.generate(samples, -1, 20, new SeedStreams(2)));
  }
}

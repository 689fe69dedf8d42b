package org.mien.trainer.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairList;

final class HeldOutPairsTest {
  private static List<FaceSample> samples(int people, int images) {
    ImageSource blank =
        new ImageSource() {
          @Override
          public RawImage decode() {
            return new RawImage(1, 1, new byte[3]);
          }

          @Override
          public String fingerprint() {
            return "0".repeat(64);
          }
        };
    List<FaceSample> samples = new ArrayList<>();
    for (int person = 0; person < people; person++) {
      for (int image = 0; image < images; image++) {
        samples.add(new FaceSample(person + "/" + image, "person " + person, blank, Map.of()));
      }
    }
    return samples;
  }

  @Test
  void noPersonOccursInTwoFolds() {
    PairList pairs =
        HeldOutPairs.generate(samples(17, 6), 100, 100, 5, new SeedStreams(1)).orElseThrow();
    assertEquals(5, pairs.folds());
    assertEquals(100, pairs.genuineCount());
    assertEquals(100, pairs.impostorCount());
    Map<String, Integer> foldOf = new HashMap<>();
    for (Pair pair : pairs.pairs()) {
      for (String person : List.of(pair.identityA(), pair.identityB())) {
        Integer earlier = foldOf.put(person, pair.fold());
        assertTrue(earlier == null || earlier == pair.fold(), person);
      }
    }
  }

  @Test
  void fewerPeopleGiveFewerFoldsAndTooFewNone() {
    assertEquals(
        2, HeldOutPairs.generate(samples(7, 4), 20, 20, 10, new SeedStreams(1)).get().folds());
    assertEquals(
        Optional.empty(), HeldOutPairs.generate(samples(5, 4), 20, 20, 10, new SeedStreams(1)));
    assertEquals(
        Optional.empty(), HeldOutPairs.generate(samples(9, 1), 20, 20, 3, new SeedStreams(1)));
  }
}

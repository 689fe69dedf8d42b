package org.mien.data.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;

final class PeopleFoldTest {
  private static final SeedStreams SEEDS = new SeedStreams(3);

  private static Split split() {
    FaceManifest manifest = Faces.manifest(Collections.nCopies(14, 10));
    return Split.of(manifest, new SplitConfig(0.2, 5, 4), SEEDS);
  }

  private static Set<String> people(List<FaceSample> samples) {
    return samples.stream().map(FaceSample::identity).collect(Collectors.toSet());
  }

  @Test
  void everyPersonIsTakenOutOnceAndNobodyWhomAReportCounts() {
    Split split = split();
    Set<String> seen = new HashSet<>();
    for (int fold = 0; fold < 3; fold++) {
      PeopleFold part = PeopleFold.of(split, fold, 3, SEEDS);
      Set<String> out = people(part.withheld());
      for (String person : out) {
        assertTrue(seen.add(person), person + " is taken out twice");
        assertFalse(part.rest().identities().contains(person));
      }
      assertEquals(split.identities().size(), out.size() + part.rest().identities().size());
      Set<String> trained = people(part.rest().train());
      trained.addAll(people(part.rest().validation()));
      trained.addAll(people(part.rest().test()));
      assertEquals(new HashSet<>(part.rest().identities()), trained);
      assertEquals(split.verification(), part.rest().verification());
      Set<FaceSample> reported = new HashSet<>(split.test());
      reported.addAll(split.verification());
      part.withheld().forEach(sample -> assertFalse(reported.contains(sample)));
      assertEquals(
          split.train().size() + split.validation().size(),
          part.withheld().size() + part.rest().train().size() + part.rest().validation().size());
    }
    assertEquals(new HashSet<>(split.identities()), seen);
  }

  @Test
  void theSeedDecidesWhoIsInWhichFold() {
    Split split = split();
    assertEquals(
        PeopleFold.of(split, 1, 3, SEEDS).rest().identities(),
        PeopleFold.of(split, 1, 3, new SeedStreams(3)).rest().identities());
    assertFalse(
        PeopleFold.of(split, 1, 3, SEEDS)
            .rest()
            .identities()
            .equals(PeopleFold.of(split, 1, 3, new SeedStreams(4)).rest().identities()));
  }

  @Test
  void tooFewPeopleForSoManyFoldsAreRefused() {
    assertThrows(DataException.class, () -> PeopleFold.of(split(), 0, 4, SEEDS));
  }
}

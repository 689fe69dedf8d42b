package org.mien.data.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

final class MegafaceListTest {
  private static final String PROBES =
      "{\"path\": [\"Ann_B/Ann_B_1.png\", \"Ann_B/Ann_B_2.png\", \"Cid/Cid_7.png\"],"
          + " \"id\": [\"Ann_B\", \"Ann_B\", \"Cid\"]}";

  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private void assertProblem(String json, String problem) throws IOException {
    Path file = write("list.json", json);
    DataException e = assertThrows(DataException.class, () -> MegafaceList.read(file));
    assertTrue(
        e.getMessage().startsWith(file.toString()) && e.getMessage().contains(problem),
        e.getMessage());
  }

  @Test
  void listsComeBackAsTheyWereWritten() throws IOException {
    MegafaceList list = MegafaceList.read(write("list.json", PROBES));
    assertEquals(List.of("Ann_B", "Ann_B", "Cid"), list.ids().orElseThrow());
    Path copy = folder.resolve("copy.json");
    list.write(copy);
    assertEquals(list, MegafaceList.read(copy));
  }

  @Test
  void aListCutAnywhereIsRefusedWithItsPlace() throws IOException {
    for (int length = 0; length < PROBES.length(); length++) {
      assertProblem(PROBES.substring(0, length), ":1: ");
    }
    assertProblem(PROBES + "x", ":1: ");
    assertProblem(PROBES.replace("\"Cid\"]", "]"), "column");
    assertProblem(PROBES.replace(", \"Cid\"]", "]"), "3 paths and 2 ids");
    assertProblem(PROBES.replace("Ann_B_2", "Ann_B_1"), "twice");
    assertProblem(PROBES.replace("Cid/Cid_7", "../Cid_7"), "inside the folder");
    assertProblem(PROBES.replace("Cid/Cid_7", "/Cid_7"), "inside the folder");
    assertProblem("{\"path\": [[[\"a\"]]]}", "expected a text at column");
    assertProblem("{\"path\": {}}", "expected a list for path");
    assertProblem("{\"id\": []}", "no list named path");
  }

  @Test
  void noisyImagesAreLeftOutByNameInEitherStyleOrByPath() throws IOException {
    Path probes = write("probes.json", PROBES);
    Path distractors =
        write("distractors.json", "{\"path\": [\"1/2@N00/3_0.jpg\", \"1/2@N00/4_0.jpg\"]}");
    Path noisyProbes = write("facescrub_noises.txt", "# checked by hand\nAnn B_2.jpg\n");
    Path noisyDistractors =
        write("megaface_noises.txt", "#index\tpath\n12\t1/2@N00/4_0.jpg\n5/5@N00/3_0.jpg\n");
    IdentificationLists lists =
        new MegafaceConfig(
                probes, distractors, Optional.of(noisyProbes), Optional.of(noisyDistractors))
            .open();
    assertEquals(List.of("Ann_B/Ann_B_1.png", "Cid/Cid_7.png"), lists.probes());
    assertEquals(List.of("1/2@N00/3_0.jpg"), lists.distractors());
    assertEquals(0, lists.matePairs());
    assertEquals(3, lists.keys().size());
  }

  @Test
  void faceScrubsBoxesAreFoundInEitherStyle() throws IOException {
    String heading = "name\timage_id\tface_id\turl\tbbox\tsha256\n";
    Path actors = write("actors.txt", heading + "Cid\t3\t7\thttp://x\t10,20,110,140\tab\n");
    Path actresses = write("actresses.txt", heading + "Ann B\t1\t2\thttp://x\t-5,0,20,30\tab\n");
    FaceScrubBoxes boxes = FaceScrubBoxes.read(List.of(actors, actresses));
    assertEquals(Optional.of(new FaceBox(10, 20, 100, 120)), boxes.of("Cid/Cid_7.png"));
    assertEquals(Optional.of(new FaceBox(-5, 0, 25, 30)), boxes.of("Ann B/Ann B_2.jpg"));
    assertEquals(Optional.empty(), boxes.of("Ann B/Ann B_3.jpg"));
    for (String damaged : List.of("10,20,110", "10,20,10,140", "10,20,110,1e9", "")) {
      Path file = write("actors.txt", heading + "Cid\t3\t7\thttp://x\t" + damaged + "\tab\n");
      DataException e = assertThrows(DataException.class, () -> FaceScrubBoxes.read(List.of(file)));
      assertTrue(e.getMessage().startsWith(file + ":2: "), e.getMessage());
    }
  }

  private static FaceSamples samples(String prefix, int people, int images) {
    List<FaceSample> samples = new ArrayList<>();
    for (int i = 0; i < people * images; i++) {
      String name = prefix + i / images;
      String key = name + "/" + i + ".jpg";
      samples.add(new FaceSample(key, name, new FileImageSource(Path.of(key)), Map.of()));
    }
    return FaceSamples.copyOf(samples);
  }

  @Test
  void ownListsAreDrawnFromTheSeedAndReadBack() {
    FaceSamples others = samples("other", 50, 1);
    SeedStreams seeds = new SeedStreams(3);
    MegafaceLists lists = MegafaceLists.draw(samples("p", 4, 3), others, List.of(10, 50), 2, seeds);
    assertEquals(Set.of("10_1", "10_2", "50_1", "50_2"), lists.distractors().keySet());
    lists.write(folder);
    IdentificationLists read =
        new MegafaceConfig(
                folder.resolve("facescrub_features_list.json"),
                folder.resolve("megaface_features_list.json_10_2"),
                Optional.empty(),
                Optional.empty())
            .open();
    assertEquals(24, read.matePairs());
    assertEquals(10, Set.copyOf(read.distractors()).size());
    // One list does not depend on which others are drawn; sets differ; sizes are no prefixes.
    Map<String, MegafaceList> alone =
        MegafaceLists.draw(samples("p", 4, 3), others, List.of(10), 2, seeds).distractors();
    assertEquals(lists.distractors().get("10_2"), alone.get("10_2"));
    assertNotEquals(alone.get("10_1"), alone.get("10_2"));
    assertEquals(
        new HashSet<>(others.stream().map(FaceSample::key).toList()),
        new HashSet<>(lists.distractors().get("50_1").paths()));
  }

  @Test
  void ownListsWithoutMatesOrWithSharedPeopleAreRefused() {
    SeedStreams seeds = new SeedStreams(3);
    FaceSamples probes = samples("p", 4, 3);
    DataException e =
        assertThrows(
            DataException.class,
            () -> MegafaceLists.draw(probes, samples("P", 9, 1), List.of(5), 1, seeds));
    assertTrue(e.getMessage().contains("4 people are probes and distractors"), e.getMessage());
    assertThrows(
        DataException.class,
        () -> MegafaceLists.draw(samples("p", 4, 1), samples("o", 9, 1), List.of(5), 1, seeds));
    assertThrows(
        IllegalArgumentException.class,
        () -> MegafaceLists.draw(probes, samples("o", 9, 1), List.of(10), 1, seeds));
  }

  @Test
  @DataTest
  void theKitsListsHaveTheKnownCounts() {
    Path lists = DataFolder.path().resolve("data/megaface/templatelists");
    MegafaceList cropped = MegafaceList.read(lists.resolve("facescrub_features_list.json"));
    MegafaceList uncropped =
        MegafaceList.read(lists.resolve("facescrub_uncropped_features_list.json"));
    assertFalse(cropped.paths().equals(uncropped.paths()));
    assertEquals(
        cropped.paths().stream().map(MegafaceList::faceScrubName).toList(),
        uncropped.paths().stream().map(MegafaceList::faceScrubName).toList());
    assertEquals(cropped.ids(), uncropped.ids());
    for (int size = 10; size <= 100_000; size *= 10) {
      IdentificationLists protocol =
          new MegafaceConfig(
                  lists.resolve("facescrub_features_list.json"),
                  lists.resolve("megaface_features_list.json_" + size + "_1"),
                  Optional.empty(),
                  Optional.empty())
              .open();
      assertEquals(
          "{probes=3530, probeIdentities=80, matePairs=153634, distractors=" + size + "}",
          protocol.counts().toString());
    }
  }
}

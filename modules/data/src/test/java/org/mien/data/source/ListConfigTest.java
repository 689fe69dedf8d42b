package org.mien.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FaceLocation;
import org.mien.data.image.FacePoints;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

final class ListConfigTest {
  private static final SeedStreams SEEDS = new SeedStreams(1);
  private static final List<String> BOX = List.of("a", "b", "c", "d");

  @TempDir Path root;

  private Path table(String text, String... images) throws IOException {
    for (String image : images) {
      Path file = root.resolve(image);
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[0]);
    }
    return Files.writeString(root.resolve("table.csv"), text);
  }

  private FaceManifest open(Path file) {
    return new ListConfig(file, Optional.empty(), "file", "identity").open(SEEDS);
  }

  private FaceManifest openBoxes(Path file, ListConfig.BoxForm form, List<String> points) {
    return new ListConfig(
            file,
            Optional.empty(),
            "file",
            "identity",
            ListConfig.Delimiter.GUESS,
            BOX,
            form,
            points,
            1)
        .open(SEEDS);
  }

  private void assertProblem(String text, int line, String problem) throws IOException {
    Path file = table(text, "x.jpg", "y.jpg");
    DataException error = assertThrows(DataException.class, () -> open(file));
    assertTrue(
        error.getMessage().contains("table.csv:" + line + ": ")
            && error.getMessage().contains(problem),
        error.getMessage());
  }

  @Test
  void otherColumnsBecomeAttributes() throws IOException {
    String text =
        "identity,file,age,note\nAnn,a/1.jpg,31,\"tall, glad\"\nBob,b.jpg,,\nAnn,c.jpg,1,\n";
    FaceManifest manifest = open(table(text, "a/1.jpg", "b.jpg", "c.jpg"));
    FaceSample first = manifest.samples().get(0);
    assertEquals("a/1.jpg", first.key());
    assertEquals("Ann", first.identity());
    assertEquals(Map.of("age", "31", "note", "tall, glad"), first.attributes());
    assertEquals(FaceLocation.UNKNOWN, first.location());
    assertEquals(Map.of(), manifest.samples().get(1).attributes());
    assertSame(manifest.samples().identity(0), manifest.samples().identity(2));
    assertEquals("table", manifest.name());
  }

  @Test
  void theDelimiterIsGuessedFromTheHeader() throws IOException {
    for (String delimiter : List.of(",", "\t", ";")) {
      String text = "\ufefffile" + delimiter + "identity\r\nx.jpg" + delimiter + "Ann\r\n\r\n";
      FaceManifest manifest = open(table(text, "x.jpg"));
      assertEquals("Ann", manifest.samples().identity(0));
    }
    assertProblem("file|identity\nx.jpg|Ann\n", 1, "found 'file|identity'");
    assertProblem("path,identity\nx.jpg,Ann\n", 1, "expected a header with the columns file");
  }

  @Test
  void boxesAndPointsSayWhereTheFaceIs() throws IOException {
    String text =
        """
        file,identity,a,b,c,d,1,2,3,4,5,6,7,8,9,10
        x.jpg,Ann,10,20,30.5,40,1,2,3,4,5,6,7,8,9,10
        x.jpg,Bob,11,20,31,40,,,,,,,,,,
        y.jpg,Ann,,,,,,,,,,,,,,
        """;
    List<String> points = IntStream.rangeClosed(1, 10).mapToObj(String::valueOf).toList();
    Path file = table(text, "x.jpg", "y.jpg");
    FaceManifest sizes = openBoxes(file, ListConfig.BoxForm.LEFT_TOP_WIDTH_HEIGHT, points);
    assertEquals(
        Optional.of(new FaceBox(10, 20, 30.5, 40)), sizes.samples().get(0).location().box());
    assertEquals(
        Optional.of(FacePoints.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
        sizes.samples().get(0).location().points());
    assertEquals("x.jpg#2", sizes.samples().key(1));
    assertEquals(sizes.samples().get(0).image(), sizes.samples().get(1).image());
    assertEquals(Optional.empty(), sizes.samples().get(1).location().points());
    assertEquals(FaceLocation.UNKNOWN, sizes.samples().get(2).location());
    FaceManifest corners = openBoxes(file, ListConfig.BoxForm.LEFT_TOP_RIGHT_BOTTOM, points);
    assertEquals(
        Optional.of(new FaceBox(10, 20, 20.5, 20)), corners.samples().get(0).location().box());
  }

  @Test
  void boxesThatAreNoneAreErrorsWithTheirLine() throws IOException {
    for (String numbers :
        List.of("1,2,3", "1,2,,4", "1,2,x,4", "1,2,-3,4", "1,2,NaN,4", "1,2,0,4")) {
      Path file = table("file,identity,a,b,c,d\nx.jpg,Ann," + numbers + "\n", "x.jpg");
      DataException error =
          assertThrows(
              DataException.class,
              () -> openBoxes(file, ListConfig.BoxForm.LEFT_TOP_WIDTH_HEIGHT, List.of()));
      assertTrue(error.getMessage().contains("table.csv:2: "), error.getMessage());
    }
  }

  @Test
  void malformedLinesAreErrorsWithTheirNumber() throws IOException {
    assertProblem("file,identity\nx.jpg,Ann\ny.jpg\n", 3, "expected 2 fields as in the header");
    assertProblem("file,identity\nx.jpg,Ann\ny.jpg, \n", 3, "has no identity");
    assertProblem("file,identity\nx.jpg,Ann\nx.jpg,Ann\n", 3, "lists 'x.jpg' a second time");
    assertProblem("file,identity\n,Ann\n", 2, "expected a path");
    assertProblem("file,identity\n../x.jpg,Ann\n", 2, "expected a path below");
    assertProblem("file,identity\na/../../x.jpg,Ann\n", 2, "expected a path below");
    assertProblem("file,identity\n/etc/passwd,Ann\n", 2, "expected a path below");
    assertProblem("file,identity\nx\u0000.jpg,Ann\n", 2, "found 'x?.jpg'");
    assertProblem("file,identity\nx.jpg,\"An\"n\n", 2, "cannot be read");
    assertProblem("file,identity,identity\nx.jpg,Ann,Ann\n", 1, "names a column twice");
    assertProblem("file,identity\nx.jpg,\"Ann" + "n".repeat(1 << 21) + "\n", 2, "cannot be read");
  }

  @Test
  void whatIsNotUtf8IsNamed() throws IOException {
    Path file = table("", "x.jpg");
    Files.write(file, "file,identity\nx.jpg,J\u00fcrgen\n".getBytes(StandardCharsets.ISO_8859_1));
    DataException error = assertThrows(DataException.class, () -> open(file));
    assertTrue(error.getMessage().contains("not text in UTF-8"), error.getMessage());
  }

  @Test
  void missingFilesAndLinksThatLeaveAreListed(@TempDir Path elsewhere) throws IOException {
    Files.write(elsewhere.resolve("z.jpg"), new byte[0]);
    Path file =
        table(
            "file,identity\nx.jpg,Ann\nnone.jpg,Ann\nz.jpg,Ann\nout/z.jpg,Ann\nfolder,Ann\n",
            "x.jpg",
            "folder/y.jpg");
    Files.createSymbolicLink(root.resolve("z.jpg"), elsewhere.resolve("z.jpg"));
    Files.createSymbolicLink(root.resolve("out"), elsewhere);
    FaceManifest manifest = open(file);
    assertEquals(1, manifest.samples().size());
    assertEquals(
        List.of(
            new Skipped("none.jpg", "is missing"),
            new Skipped("z.jpg", "is a link that leaves the data set's folder; not followed"),
            new Skipped(
                "out/z.jpg", "lies in a link that leaves the data set's folder; not followed"),
            new Skipped("folder", "is not a file; expected an image")),
        manifest.skipped());
  }

  @Test
  void identitiesWithTooFewImagesAreLeftOutAndCounted() throws IOException {
    Path file =
        table("file,identity\n1.jpg,Ann\n2.jpg,Bob\n3.jpg,Ann\n", "1.jpg", "2.jpg", "3.jpg");
    FaceManifest manifest =
        new ListConfig(
                file,
                Optional.empty(),
                "file",
                "identity",
                ListConfig.Delimiter.COMMA,
                List.of(),
                ListConfig.BoxForm.LEFT_TOP_WIDTH_HEIGHT,
                List.of(),
                2)
            .open(SEEDS);
    assertEquals(List.of("Ann"), manifest.identities());
    assertEquals("3.jpg", manifest.samples().key(1));
    assertTrue(manifest.skipped().get(0).reason().startsWith("1 identities with 1 images"));
  }

  @Test
  void aTableWithNothingUsableSaysWhy() throws IOException {
    Path file = table("file,identity\nnone.jpg,Ann\n");
    DataException error = assertThrows(DataException.class, () -> open(file));
    assertTrue(error.getMessage().contains("none.jpg: is missing"), error.getMessage());
    DataException empty = assertThrows(DataException.class, () -> open(table("file,identity\n")));
    assertTrue(empty.getMessage().contains("no line after the header"), empty.getMessage());
    DataException missing =
        assertThrows(DataException.class, () -> open(root.resolve("nothing.csv")));
    assertTrue(missing.getMessage().contains("does not exist"), missing.getMessage());
  }

  @Test
  void columnsAreCheckedWhenTheyAreConfigured() {
    for (List<String> box : List.of(List.of("a"), List.of("a", "b", "c", "file"))) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new ListConfig(
                  root,
                  Optional.empty(),
                  "file",
                  "identity",
                  ListConfig.Delimiter.GUESS,
                  box,
                  ListConfig.BoxForm.LEFT_TOP_WIDTH_HEIGHT,
                  List.of(),
                  1));
    }
  }

  @Test
  @DataTest
  void caltechFacesAre410ImagesOf25People() {
    Path file = DataFolder.path().resolve("data/caltech-faces/labels.csv");
    FaceManifest manifest = open(file);
    assertEquals(410, manifest.samples().size());
    assertEquals(25, manifest.identities().size());
    assertEquals(List.of(), manifest.skipped());
    assertEquals(
        "Faces_easy/image_0001.jpg",
        manifest.samples().get(0).attributes().get("caltech101_original"));
    assertTrue(manifest.samples().get(5).image().decode().width() > 100);
  }

  @Test
  @DataTest
  void congressIs1557ImagesEachOfAnother() {
    Path folder = DataFolder.path().resolve("data/congress");
    FaceManifest manifest =
        new ListConfig(
                folder.resolve("members.csv"),
                Optional.of(folder.resolve("images")),
                "file",
                "name")
            .open(SEEDS);
    assertEquals(1557, manifest.samples().size());
    assertEquals("AGUILAR, Peter Rey", manifest.samples().identity(0));
    assertEquals("1979", manifest.samples().get(0).attributes().get("born"));
    assertEquals(List.of(), manifest.skipped());
  }
}

package org.mien.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;

class AtomicFilesTest {
  @TempDir Path folder;

  @Test
  void writesAndReplacesLeavingNothingElse() throws IOException {
    Path target = folder.resolve("new/sub/x.txt");
    AtomicFiles.writeString(target, "é1");
    AtomicFiles.writeString(target, "é2");
    assertEquals("é2", Files.readString(target));
    assertEquals(List.of("x.txt"), names(target.getParent()));
  }

  @Test
  void theTargetIsUntouchedUntilTheContentIsComplete() throws IOException {
    Path target = folder.resolve("x.txt");
    AtomicFiles.writeString(target, "old");
    AtomicFiles.write(
        target,
        out -> {
          out.write("new".getBytes(java.nio.charset.StandardCharsets.UTF_8));
          out.flush();
          assertEquals("old", Files.readString(target));
          assertEquals(2, names(folder).size());
          assertTrue(
              names(folder).get(0).startsWith(".x.txt.tmp-" + ProcessHandle.current().pid() + "-"));
        });
    assertEquals("new", Files.readString(target));
  }

  @Test
  void aFullDiskLeavesTheOldFileAndTellsTheSpaceLeft() throws IOException {
    Path target = folder.resolve("x.txt");
    AtomicFiles.writeString(target, "old");
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                AtomicFiles.write(
                    target,
                    out -> {
                      out.write(1);
                      throw new IOException("No space left on device");
                    }));
    assertTrue(
        e.getMessage()
            .matches(
                "(?s)\\Q"
                    + target
                    + "\\E: cannot be written \\(IOException: No space left on device\\); [0-9.]+ MB"
                    + " are free on .+"),
        e.getMessage());
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("x.txt"), names(folder));
  }

  @Test
  void aBugInTheContentLeavesTheOldFileAndComesThrough() throws IOException {
    Path target = folder.resolve("x.txt");
    AtomicFiles.writeString(target, "old");
    IllegalStateException bug = new IllegalStateException("bug");
    assertSame(
        bug,
        assertThrows(
            IllegalStateException.class,
            () ->
                AtomicFiles.write(
                    target,
                    out -> {
                      throw bug;
                    })));
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("x.txt"), names(folder));
  }

  @Test
  void aFolderInTheWayIsNotReplaced() throws IOException {
    Path target = Files.createDirectories(folder.resolve("x/full")).getParent();
    DataException e =
        assertThrows(DataException.class, () -> AtomicFiles.writeString(target, "text"));
    assertTrue(e.getMessage().startsWith(target + ": cannot be written ("), e.getMessage());
    assertEquals(List.of("x"), names(folder));
  }

  @Test
  void aFileWhereAFolderShouldBeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    DataException e =
        assertThrows(
            DataException.class, () -> AtomicFiles.writeString(file.resolve("x.txt"), "text"));
    assertTrue(e.getMessage().startsWith(file.resolve("x.txt") + ": cannot"), e.getMessage());
  }

  @Test
  void theContentMayCloseTheStream() throws IOException {
    Path target = folder.resolve("x.zip");
    AtomicFiles.write(
        target,
        out -> {
          try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("a"));
            zip.write(new byte[100_000]);
          }
        });
    try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(target.toFile())) {
      assertEquals(100_000, zip.getEntry("a").getSize());
    }
  }

  @Test
  void copiesAFileAndNamesAMissingOne() throws IOException {
    byte[] bytes = new byte[200_000];
    new java.util.SplittableRandom(1).nextBytes(bytes);
    Path source = folder.resolve("a");
    AtomicFiles.writeBytes(source, bytes);
    AtomicFiles.copy(source, folder.resolve("b"));
    assertEquals(-1, Files.mismatch(source, folder.resolve("b")));
    Path none = folder.resolve("none");
    DataException e =
        assertThrows(DataException.class, () -> AtomicFiles.copy(none, folder.resolve("c")));
    assertTrue(e.getMessage().startsWith(none + ": does not exist"), e.getMessage());
  }

  @Test
  void aWriterThatLeavesNoFileIsAnError() {
    Path target = folder.resolve("x");
    assertThrows(DataException.class, () -> AtomicFiles.replace(target, temporary -> {}));
    assertThrows(IOException.class, () -> Files.size(target));
  }

  @Test
  void aWriterMayFillAnyFileUnderTheTemporaryPath() throws IOException {
    Path target = folder.resolve("x");
    AtomicFiles.replace(
        target,
        temporary -> {
          try (OutputStream out = Files.newOutputStream(temporary)) {
            out.write('y');
          }
        });
    assertEquals("y", Files.readString(target));
  }

  private static List<String> names(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}

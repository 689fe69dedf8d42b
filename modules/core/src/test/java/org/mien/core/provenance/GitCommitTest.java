package org.mien.core.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitCommitTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String OTHER = "f".repeat(40);

  @TempDir Path tree;

  @Test
  void isThatOfABranchFile() throws IOException {
    write(".git/HEAD", "ref: refs/heads/main\n");
    write(".git/refs/heads/main", COMMIT + "\n");
    write(".git/packed-refs", OTHER + " refs/heads/main\n");
    assertEquals(Optional.of(COMMIT), GitCommit.of(tree));
  }

  @Test
  void isThatOfAPackedBranch() throws IOException {
    write(".git/HEAD", "ref: refs/heads/main\n");
    write(
        ".git/packed-refs",
        "# pack-refs with: peeled\n"
            + OTHER
            + " refs/heads/also-main\n"
            + COMMIT
            + " refs/heads/main\n^"
            + OTHER
            + "\n");
    assertEquals(Optional.of(COMMIT), GitCommit.of(tree));
  }

  @Test
  void isThatOfADetachedHead() throws IOException {
    write(".git/HEAD", COMMIT + "\n");
    assertEquals(Optional.of(COMMIT), GitCommit.of(tree));
  }

  @Test
  void isThatOfAWorktree() throws IOException {
    write("main/.git/worktrees/w/HEAD", "ref: refs/heads/w\n");
    write("main/.git/worktrees/w/commondir", "../..\n");
    write("main/.git/refs/heads/w", COMMIT + "\n");
    write("w/.git", "gitdir: ../main/.git/worktrees/w\n");
    assertEquals(Optional.of(COMMIT), GitCommit.of(tree.resolve("w")));
  }

  @Test
  void isNotInventedWhereThereIsNone() throws IOException {
    assertEquals(Optional.empty(), GitCommit.of(tree));
    write(".git/HEAD", "ref: refs/heads/unborn\n");
    assertEquals(Optional.empty(), GitCommit.of(tree));
    write("outside", COMMIT);
    write(".git/HEAD", "ref: refs/../../outside\n");
    assertEquals(Optional.empty(), GitCommit.of(tree));
    write(".git/HEAD", "nonsense\n");
    assertEquals(Optional.empty(), GitCommit.of(tree));
  }

  private void write(String path, String text) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

package org.mien.core.provenance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the commit that is checked out from the files of a Git repository, without Git. Anything
 * unexpected gives no commit rather than an error: provenance must not stop a run.
 *
 * <p>See gitrepository-layout(5): {@code .git} is a folder, or in a worktree a file that names one;
 * {@code HEAD} holds a commit or names a branch; a branch is a file or a line of {@code
 * packed-refs}, in a worktree those of the common folder.
 */
final class GitCommit {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Pattern REF = Pattern.compile("refs/[A-Za-z0-9][^\\s\\\\]*");

  private GitCommit() {}

  static Optional<String> of(Path workingTree) {
    try {
      Path git = workingTree.resolve(".git");
      if (Files.isRegularFile(git)) {
        git = workingTree.resolve(valueOf("gitdir: ", Files.readString(git)));
      }
      String head = Files.readString(git.resolve("HEAD")).strip();
      if (HASH.matcher(head).matches()) {
        return Optional.of(head);
      }
      String ref = valueOf("ref: ", head);
      if (!REF.matcher(ref).matches() || ref.contains("..")) {
        return Optional.empty();
      }
      Path common = git.resolve("commondir");
      Path shared =
          Files.isRegularFile(common) ? git.resolve(Files.readString(common).strip()) : git;
      return loose(git, ref).or(() -> loose(shared, ref)).or(() -> packed(shared, ref));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> loose(Path folder, String ref) {
    try {
      return Optional.of(Files.readString(folder.resolve(ref)).strip())
          .filter(hash -> HASH.matcher(hash).matches());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> packed(Path folder, String ref) {
    try (Stream<String> lines =
        Files.lines(folder.resolve("packed-refs"), StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.endsWith(" " + ref))
          .map(line -> line.substring(0, line.indexOf(' ')))
          .filter(hash -> HASH.matcher(hash).matches())
          .findFirst();
    } catch (IOException | java.io.UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static String valueOf(String prefix, String text) {
    return text.startsWith(prefix) ? text.substring(prefix.length()).strip() : "";
  }
}

package org.mien.data.source;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** What a data set asks of the file system; a test may answer instead. */
interface FolderTree {
  /** What an entry of a folder is, links followed. */
  enum Kind {
    FOLDER,
    FILE,
    OTHER,
    LINK_THAT_LEAVES
  }

  /** Returns the folder without links. */
  Path realRoot(Path folder) throws IOException;

  /** Returns the names in a folder in any order. */
  List<String> names(Path folder) throws IOException;

  /**
   * Returns what an entry is.
   *
   * @param root what a link may not leave, itself without links
   */
  Kind kind(Path root, Path entry) throws IOException;

  /** The real one. */
  FolderTree FILES =
      new FolderTree() {
        @Override
        public Path realRoot(Path folder) throws IOException {
          return folder.toRealPath();
        }

        @Override
        public List<String> names(Path folder) throws IOException {
          List<String> names = new ArrayList<>();
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path entry : stream) {
              names.add(entry.getFileName().toString());
            }
          } catch (DirectoryIteratorException e) {
            throw e.getCause();
          }
          return names;
        }

        @Override
        public Kind kind(Path root, Path entry) throws IOException {
          BasicFileAttributes attributes =
              Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
          if (attributes.isSymbolicLink()) {
            if (!entry.toRealPath().startsWith(root)) {
              return Kind.LINK_THAT_LEAVES;
            }
            attributes = Files.readAttributes(entry, BasicFileAttributes.class);
          }
          if (attributes.isDirectory()) {
            return Kind.FOLDER;
          }
          return attributes.isRegularFile() ? Kind.FILE : Kind.OTHER;
        }
      };
}

package org.mien.model.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The two containers PyTorch writes: one pickle of tensors' shapes, and the bytes of storages. */
interface TorchArchive {
  /** Largest pickle read: a ResNet-152's takes a tenth of a megabyte. */
  int MAX_PICKLE_BYTES = 8 << 20;

  /** The unpickled object. */
  Object content();

  /** Number of bytes stored under a key, or -1. */
  long storedBytes(String key);

  /** Reads part of a storage, in the byte order of the file. */
  ByteBuffer read(Path file, String key, long start, int length) throws IOException;
}

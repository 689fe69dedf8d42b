package org.mien.model.checkpoint;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes everything on but the end: DL4J closes the stream it writes to. */
final class UnclosedOutput extends FilterOutputStream {
  UnclosedOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length); // the superclass goes byte by byte
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}

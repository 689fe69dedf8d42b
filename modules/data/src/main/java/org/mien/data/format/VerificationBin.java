package org.mien.data.format;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import net.razorvine.pickle.PickleException;
import org.mien.core.error.DataException;
import org.mien.core.pickle.RestrictedUnpickler;
import org.mien.core.run.AtomicFiles;

/**
 * A verification set in one file, InsightFace's {@code .bin}: the pickle of {@code (bins, issame)},
 * where {@code bins} are twice as many encoded images as there are pairs, pair {@code i} being
 * images {@code 2i} and {@code 2i + 1}, and {@code issame} says of each pair whether it shows one
 * person (InsightFace, {@code recognition/arcface_torch/eval/verification.py}, {@code load_bin}).
 *
 * <p>Pickles of Python 2 and 3 and of protocols 0 to 5 are read; images may be byte strings or
 * numpy arrays of bytes, flags truth values, numbers, numpy scalars or an array. Nothing in the
 * pickle is executed. The file is held in memory once, images being views of it, where they are
 * Python 3's byte strings; those of Python 2 and of protocols below 3 are copied, and take up to
 * three times the file's length while it is read.
 */
public final class VerificationBin {
  /** The largest known ones have about 500 MB. */
  private static final long MAXIMUM_BYTES = (1L << 31) - 16;

  private final List<NumpyUnpickler.ByteSpan> images;
  private final BitSet genuine;

  private VerificationBin(List<NumpyUnpickler.ByteSpan> images, BitSet genuine) {
    this.images = images;
    this.genuine = genuine;
  }

  /**
   * Makes a set.
   *
   * @param images encoded images, two a pair; not copied
   * @param genuine which pairs show one person
   */
  public static VerificationBin of(List<byte[]> images, BitSet genuine) {
    if (images.size() % 2 != 0 || genuine.length() > images.size() / 2) {
      throw new IllegalArgumentException(
          images.size() + " images do not make pairs up to number " + genuine.length());
    }
    return new VerificationBin(
        images.stream().map(NumpyUnpickler.ByteSpan::of).toList(), (BitSet) genuine.clone());
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it is no such pickle, holds classes other than numpy's arrays, or is
   *     damaged
   */
  public static VerificationBin read(Path file) {
    byte[] bytes = bytes(file);
    try {
      Object[] both =
          NumpyUnpickler.listOf(new NumpyUnpickler(bytes).read(new ByteArrayInputStream(bytes)))
              .toArray();
      if (both.length != 2) {
        throw DataException.in(
            file, "holds a list of " + both.length + "; expected the pair (bins, issame)");
      }
      List<NumpyUnpickler.ByteSpan> images = new ArrayList<>();
      // An image of several pairs is one object of the pickle, and one here.
      IdentityHashMap<Object, NumpyUnpickler.ByteSpan> known = new IdentityHashMap<>();
      for (Object image : NumpyUnpickler.listOf(both[0])) {
        images.add(known.computeIfAbsent(image, NumpyUnpickler::bytesOf));
      }
      return new VerificationBin(images, flags(file, images.size(), both[1]));
    } catch (RestrictedUnpickler.ForeignClassException e) {
      throw DataException.in(
          file,
          "names the Python class "
              + e.getMessage()
              + ", which a verification set has no use for; nothing was executed",
          e);
    } catch (IOException e) {
      throw DataException.in(file, "is cut off: its pickle goes on after the end of the file", e);
    } catch (RuntimeException e) {
      if (e instanceof DataException data) {
        throw data;
      }
      // The library answers damage with whatever happens first: a cast, an index, a missing key.
      throw DataException.in(
          file,
          "is not a readable pickle of (bins, issame): "
              + (e instanceof PickleException ? e.getMessage() : e.getClass().getSimpleName()),
          e);
    }
  }

  private static BitSet flags(Path file, int images, Object value) {
    List<Object> flags = NumpyUnpickler.listOf(value);
    if (images != 2 * flags.size()) {
      throw DataException.in(
          file,
          "holds " + images + " images and " + flags.size() + " flags; expected two images a flag");
    }
    BitSet genuine = new BitSet();
    for (int i = 0; i < flags.size(); i++) {
      Object flag = flags.get(i);
      if (flag instanceof Boolean same) {
        genuine.set(i, same);
      } else if (flag instanceof Number number && (number.intValue() & ~1) == 0) {
        genuine.set(i, number.intValue() == 1);
      } else {
        throw DataException.in(file, "flag " + i + " is neither true nor false");
      }
    }
    return genuine;
  }

  private static byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAXIMUM_BYTES) {
        throw DataException.in(file, "has " + size + " bytes; files above 2 GiB are refused");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "is missing; expected a verification set (.bin)", e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  /** Returns how many pairs there are. */
  public int pairs() {
    return images.size() / 2;
  }

  /** Returns a copy of an encoded image, 0 to twice the number of pairs. */
  public byte[] image(int index) {
    return images.get(index).copy();
  }

  /** Returns whether a pair shows one person. */
  public boolean genuine(int pair) {
    return genuine.get(pair);
  }

  /**
   * Writes the set as a pickle of protocol 3, with byte strings as Python 3 reads them ({@code
   * BINBYTES}), which InsightFace's {@code load_bin} takes.
   */
  public void write(Path file) {
    AtomicFiles.write(
        file,
        stream -> {
          OutputStream out = new BufferedOutputStream(stream, 1 << 20);
          out.write(new byte[] {(byte) 0x80, 3, ']', '('});
          for (NumpyUnpickler.ByteSpan image : images) {
            out.write('B');
            out.write(little(image.length()));
            out.write(image.array(), image.offset(), image.length());
          }
          out.write(new byte[] {'e', ']', '('});
          for (int i = 0; i < pairs(); i++) {
            out.write(genuine.get(i) ? 0x88 : 0x89);
          }
          out.write("e\u0086.".getBytes(StandardCharsets.ISO_8859_1));
          out.flush();
        });
  }

  private static byte[] little(int number) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }
}

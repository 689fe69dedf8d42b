package org.mien.data.integrity;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.core.provenance.Fingerprint;
import org.mien.data.image.EncodedImageSource;
import org.mien.data.image.FingerprintedImage;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceSample;

/**
 * What one reading of all images leaves behind: 53 bytes an image for digests of bytes and pixels,
 * perceptual hash, size and state, and the reasons of the first bad ones.
 */
final class ImageDigests {
  /** Reasons kept; more bad images are counted only. */
  private static final int MOST_PROBLEMS = 100_000;

  /** Longer reasons are cut, for they may quote a file. */
  private static final int LONGEST_REASON = 500;

  /** Rows that a thread takes at a time. */
  private static final int CHUNK = 16;

  private static final long MILLISECONDS_BETWEEN_REPORTS = 100;

  private static final byte READ = 1;
  private static final byte DECODED = 2;
  private static final byte HASHED = 4;
  private static final byte BAD = 8;

  private final CheckedRows rows;
  private final CheckOptions options;
  private final byte[] state;
  private final long[] bytesDigest;
  private final long[] pixelsDigest;
  private final long[] hashes;
  private final long[] mirroredHashes;
  private final int[] sizes;

  /** By row; guarded by itself. */
  private final TreeMap<Integer, String> problems = new TreeMap<>();

  private ImageDigests(CheckedRows rows, CheckOptions options) {
    this.rows = rows;
    this.options = options;
    int size = rows.size();
    boolean near = options.nearDistance() != CheckOptions.NO_NEAR_DUPLICATES;
    state = new byte[size];
    bytesDigest = new long[2 * size];
    pixelsDigest = new long[2 * size];
    hashes = new long[near ? size : 0];
    mirroredHashes = new long[near && options.mirrored() ? size : 0];
    sizes = new int[size];
  }

  /** Reads all images, or those up to the time when {@code stop} became true. */
  static ImageDigests read(
      CheckedRows rows, CheckOptions options, Progress.Factory factory, BooleanSupplier stop) {
    ImageDigests digests = new ImageDigests(rows, options);
    digests.readAll(factory, stop);
    return digests;
  }

  boolean complete() {
    for (byte each : state) {
      if ((each & READ) == 0) {
        return false;
      }
    }
    return true;
  }

  boolean wasRead(int row) {
    return (state[row] & READ) != 0;
  }

  /** Whether there are pixels; a damaged image may have some. */
  boolean decoded(int row) {
    return (state[row] & DECODED) != 0;
  }

  boolean hashed(int row) {
    return (state[row] & HASHED) != 0;
  }

  boolean bad(int row) {
    return (state[row] & BAD) != 0;
  }

  /** Reasons of bad images by row. */
  SortedMap<Integer, String> problems() {
    return problems;
  }

  boolean sameBytes(int row, int other) {
    return bytesDigest[2 * row] == bytesDigest[2 * other]
        && bytesDigest[2 * row + 1] == bytesDigest[2 * other + 1];
  }

  boolean samePixels(int row, int other) {
    return decoded(row)
        && decoded(other)
        && pixelsDigest[2 * row] == pixelsDigest[2 * other]
        && pixelsDigest[2 * row + 1] == pixelsDigest[2 * other + 1];
  }

  /** 64 bits of the digest of the pixels, for a table. */
  long pixelsKey(int row) {
    return pixelsDigest[2 * row];
  }

  /** By row; empty if near duplicates are not looked for. */
  long[] hashes() {
    return hashes;
  }

  /** By row; empty if mirrored pictures are not looked for. */
  long[] mirroredHashes() {
    return mirroredHashes;
  }

  int width(int row) {
    return sizes[row] >>> 16;
  }

  int height(int row) {
    return sizes[row] & 0xFFFF;
  }

  private void readAll(Progress.Factory factory, BooleanSupplier stop) {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            options.threads(),
            task -> {
              Thread thread = new Thread(task, "mien-check");
              thread.setDaemon(true);
              return thread;
            });
    boolean interrupted = false;
    try (Progress progress = factory.start("check", "images", rows.size())) {
      for (int worker = 0; worker < options.threads(); worker++) {
        threads.execute(() -> work(next, done, failure, stop));
      }
      threads.shutdown();
      boolean ended = false;
      while (!ended) {
        try {
          ended = threads.awaitTermination(MILLISECONDS_BETWEEN_REPORTS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
          next.set(rows.size()); // images in hand take milliseconds
        }
        progress.advanceTo(done.get());
      }
    } finally {
      next.set(rows.size());
      threads.shutdown();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure.get() instanceof RuntimeException problem) {
      throw problem;
    } else if (failure.get() instanceof Error problem) {
      throw problem;
    }
  }

  private void work(
      AtomicInteger next,
      AtomicInteger done,
      AtomicReference<Throwable> failure,
      BooleanSupplier stop) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      while (failure.get() == null && !stop.getAsBoolean()) {
        int begin = next.getAndUpdate(row -> Math.min(rows.size(), row + CHUNK));
        int end = Math.min(rows.size(), begin + CHUNK);
        if (begin >= end) {
          return;
        }
        for (int row = begin; row < end && !stop.getAsBoolean(); row++) {
          read(row, sha256);
          done.incrementAndGet();
        }
      }
    } catch (NoSuchAlgorithmException e) {
      failure.compareAndSet(null, new IllegalStateException("every Java platform has SHA-256", e));
    } catch (RuntimeException | Error e) { // thrown again in the caller's thread
      failure.compareAndSet(null, e);
    }
  }

  private void read(int row, MessageDigest sha256) {
    FaceSample sample;
    try {
      sample = rows.sample(row);
    } catch (DataException e) {
      bad(row, READ | BAD, e.getMessage());
      return;
    }
    try {
      FingerprintedImage read = sample.image().read();
      putFingerprint(row, read.fingerprint());
      RawImage image = read.image();
      putPixels(row, image, sha256);
      byte now = READ | DECODED;
      if (hashes.length > 0) {
        Optional<PerceptualHash> hash = PerceptualHash.of(image);
        if (hash.isPresent()) {
          hashes[row] = hash.get().bits();
          if (mirroredHashes.length > 0) {
            mirroredHashes[row] = hash.get().mirroredBits();
          }
          now |= HASHED;
        }
      }
      state[row] = now;
    } catch (DataException e) {
      bad(row, READ | BAD, reason(sample.image(), e.getMessage()));
      return;
    }
    if (options.damage() != DamageCheck.BY_DECODING) {
      Optional<String> problem = options.damage().problemWith(sample.image());
      problem.ifPresent(text -> bad(row, state[row] | BAD, reason(sample.image(), text)));
    }
  }

  private void putFingerprint(int row, String fingerprint) {
    String hex =
        fingerprint.matches("[0-9a-f]{64}") ? fingerprint : Fingerprint.ofText(fingerprint);
    bytesDigest[2 * row] = HexFormat.fromHexDigitsToLong(hex, 0, 16);
    bytesDigest[2 * row + 1] = HexFormat.fromHexDigitsToLong(hex, 16, 32);
  }

  private void putPixels(int row, RawImage image, MessageDigest sha256) {
    sha256.update(ByteBuffer.allocate(8).putInt(image.width()).putInt(image.height()).array());
    ByteBuffer digest = ByteBuffer.wrap(sha256.digest(image.rgb()));
    pixelsDigest[2 * row] = digest.getLong();
    pixelsDigest[2 * row + 1] = digest.getLong();
    // 64 million pixels may be 1 pixel high; such a size is shown as the largest that fits.
    sizes[row] = (Math.min(image.width(), 0xFFFF) << 16) | Math.min(image.height(), 0xFFFF);
  }

  private void bad(int row, int newState, String reason) {
    state[row] = (byte) newState;
    String line = String.valueOf(reason).replaceAll("\\s+", " ");
    synchronized (problems) {
      problems.put(row, line.substring(0, Math.min(line.length(), LONGEST_REASON)));
      if (problems.size() > MOST_PROBLEMS) {
        problems.pollLastEntry();
      }
    }
  }

  /** Drops the place before the reason, which the key says already. */
  private static String reason(ImageSource source, String message) {
    String where = source instanceof EncodedImageSource encoded ? encoded.where() + ": " : "";
    return message.startsWith(where) ? message.substring(where.length()) : message;
  }
}

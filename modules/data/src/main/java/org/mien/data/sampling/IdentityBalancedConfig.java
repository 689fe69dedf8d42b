package org.mien.data.sampling;

import java.util.Arrays;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.ConfigException;
import org.mien.core.random.SeedStreams;

/**
 * Batches of P x K: each holds exactly P identities with K images each (Hermans et al. 2017, "In
 * Defense of the Triplet Loss", section 2).
 *
 * <p>An epoch has {@code ceil(rows / (P K))} batches. Identities come in shuffled rounds of all of
 * them, so that within an epoch no identity is in two batches more than another; so do each
 * identity's images, and a batch repeats an image only of an identity that has fewer than K.
 * Streams {@code training/identities} with the epoch, and {@code training/images} with epoch and
 * identity.
 *
 * @param identitiesPerBatch P
 * @param imagesPerIdentity K
 */
@TypeName("identity-balanced")
public record IdentityBalancedConfig(
    @Setting(value = "Identities in each batch.", min = 2, max = 65_536) int identitiesPerBatch,
    @Setting(value = "Images of each of them.", min = 1, max = 65_536) int imagesPerIdentity)
    implements SamplingConfig {
  public IdentityBalancedConfig {
    if (identitiesPerBatch < 2
        || imagesPerIdentity < 1
        || (long) identitiesPerBatch * imagesPerIdentity > 65_536) {
      throw new IllegalArgumentException(
          String.format(
              "expected batches of at least 2 identities and 1 image each, at most 65536 in all,"
                  + " was identitiesPerBatch %d and imagesPerIdentity %d",
              identitiesPerBatch, imagesPerIdentity));
    }
  }

  @Override
  public int[] order(int[] labels, int epoch, SeedStreams seeds) {
    RowsByIdentity rows = new RowsByIdentity(labels);
    if (rows.identities() < identitiesPerBatch) {
      throw new ConfigException(
          String.format(
              "identity-balanced sampling wants %d identities in each batch, and there are %d to"
                  + " train on; lower identitiesPerBatch",
              identitiesPerBatch, rows.identities()));
    }
    int batch = identitiesPerBatch * imagesPerIdentity;
    long length = ((long) labels.length + batch - 1) / batch * batch;
    int[] order = new int[Math.toIntExact(length)];
    int[] all = new int[rows.identities()];
    Arrays.setAll(all, identity -> identity);
    EvenDraws identities = new EvenDraws(all, seeds.stream("training/identities", epoch));
    EvenDraws[] images = new EvenDraws[rows.identities()];
    int[] chosen = new int[identitiesPerBatch];
    for (int at = 0; at < order.length; at += batch) {
      identities.draw(chosen, 0, identitiesPerBatch);
      for (int i = 0; i < identitiesPerBatch; i++) {
        int identity = chosen[i];
        if (images[identity] == null) {
          images[identity] =
              new EvenDraws(
                  rows.rows(identity),
                  seeds.stream("training/images", epoch, rows.label(identity)));
        }
        images[identity].draw(order, at + i * imagesPerIdentity, imagesPerIdentity);
      }
    }
    return order;
  }

  @Override
  public void requireBatchSize(int batchSize) {
    int expected = identitiesPerBatch * imagesPerIdentity;
    if (batchSize != expected) {
      throw new IllegalArgumentException(
          String.format(
              "batchSize: expected %d, which is identitiesPerBatch %d x imagesPerIdentity %d, was"
                  + " %d",
              expected, identitiesPerBatch, imagesPerIdentity, batchSize));
    }
  }
}

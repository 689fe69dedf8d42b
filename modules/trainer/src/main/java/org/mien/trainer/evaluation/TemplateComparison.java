package org.mien.trainer.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mien.core.preprocessing.Crop;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.TemplateProtocol;
import org.mien.eval.identification.FpirRule;
import org.mien.eval.identification.GalleryFusion;
import org.mien.eval.identification.IdentificationOptions;
import org.mien.eval.identification.TemplateIdentification;
import org.mien.eval.metrics.Metric;
import org.mien.eval.template.PooledTemplates;
import org.mien.eval.template.PoolingOptions;
import org.mien.eval.template.TemplatePooling;
import org.mien.eval.template.TemplateVerification;
import org.mien.eval.template.TemplateVerificationOptions;
import org.mien.eval.template.TemplateVerificationResult;
import org.mien.trainer.feature.FeatureExtractor;

/**
 * A protocol of templates, such as IJB-C's, on a model: 1:1, and 1:N where it names galleries.
 *
 * @param name in {@code metrics.json}
 * @param protocol which templates there are and which are compared
 * @param samples the images
 * @param pooling how a template is made of its images
 * @param crop the part of the images that shows a face as the model was trained on it
 */
public record TemplateComparison(
    String name, TemplateProtocol protocol, FaceSamples samples, PoolingOptions pooling, Crop crop)
    implements FaceProtocol {

  /**
   * What a run gave.
   *
   * @param protocol its name
   * @param verification the figures of 1:1, where the protocol compares pairs
   * @param identification the figures of 1:N, where it names galleries and probes
   * @param pooling how templates were made
   */
  public record Outcome(
      String protocol,
      Optional<TemplateVerificationResult> verification,
      Optional<TemplateIdentification.Result> identification,
      PoolingOptions pooling)
      implements ProtocolOutcome {

    @Override
    public String title() {
      return protocol;
    }

    @Override
    public Optional<String> leftOutInWords() {
      return Optional.empty();
    }

    /**
     * Returns figures by protocol and name: {@code NAME} for 1:1, {@code NAME.identification} and
     * {@code NAME.identification.GALLERY} for 1:N.
     */
    @Override
    public Map<String, Map<String, Metric>> metrics() {
      Map<String, Map<String, Metric>> figures = new LinkedHashMap<>();
      verification.ifPresent(result -> figures.put(protocol, result.metrics()));
      identification.ifPresent(
          found -> {
            String name = protocol + ".identification";
            figures.put(name, found.average().metrics());
            found
                .galleries()
                .forEach(one -> figures.put(name + "." + one.gallery(), one.result().metrics()));
          });
      return figures;
    }
  }

  @Override
  public void check() {
    NamedFaces.select(samples, protocol.keys(), name);
  }

  @Override
  public Outcome run(ProtocolRun with) {
    SeedStreams seeds = with.seeds();
    PooledTemplates templates =
        TemplatePooling.pool(
            protocol,
            TemplatePooling.imagesOf(
                protocol,
                new FeatureExtractor(
                        with.embedder(),
                        crop,
                        Decoding.FULL,
                        Optional.empty(),
                        true,
                        with.progress())
                    .extract(name, NamedFaces.select(samples, protocol.keys(), name))
                    .toMatrix()),
            pooling,
            with.progress());
    boolean compares = protocol.pairs() > 0;
    boolean searches = !protocol.galleries().isEmpty() && protocol.probes().isPresent();
    return new Outcome(
        name,
        compares
            ? Optional.of(
                TemplateVerification.evaluate(
                    templates,
                    TemplateVerificationOptions.defaults().withReplicates(with.replicates()),
                    with.progress(),
                    seeds.stream("bootstrap/" + name)))
            : Optional.empty(),
        searches
            ? Optional.of(
                TemplateIdentification.evaluate(
                    templates,
                    GalleryFusion.MEAN_EMBEDDING,
                    IdentificationOptions.defaults()
                        .withFpirRule(FpirRule.ABOVE_KTH)
                        .withReplicates(with.replicates()),
                    Runtime.getRuntime().availableProcessors(),
                    with.progress(),
                    seeds.stream("bootstrap/" + name + "/identification")))
            : Optional.empty(),
        pooling);
  }
}

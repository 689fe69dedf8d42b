package org.mien.trainer.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
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
import org.mien.model.embed.Embedder;
import org.mien.trainer.feature.FeatureExtractor;

/**
 * A protocol of templates, such as IJB-C's, on a model: 1:1, and 1:N where it names galleries.
 *
 * @param protocol which templates there are and which are compared
 * @param samples the images
 * @param pooling how a template is made of its images
 * @param crop the part of the images that shows a face as the model was trained on it
 */
public record TemplateComparison(
    TemplateProtocol protocol, FaceSamples samples, PoolingOptions pooling, Crop crop) {

  /**
   * Runs the protocol.
   *
   * @return figures by protocol and name: {@code NAME} for 1:1, {@code NAME.identification} and
   *     {@code NAME.identification.GALLERY} for 1:N
   * @throws org.mien.core.error.DataException if an image is missing or cannot be read
   */
  public Map<String, Map<String, Metric>> run(
      Embedder model, SeedStreams seeds, Progress.Factory progress) {
    PooledTemplates templates =
        TemplatePooling.pool(
            protocol,
            TemplatePooling.imagesOf(
                protocol,
                new FeatureExtractor(model, crop, Decoding.FULL, Optional.empty(), true, progress)
                    .extract(
                        protocol.name(),
                        NamedFaces.select(samples, protocol.keys(), protocol.name()))
                    .toMatrix()),
            pooling,
            progress);
    Map<String, Map<String, Metric>> figures = new LinkedHashMap<>();
    if (protocol.pairs() > 0) {
      figures.put(
          protocol.name(),
          TemplateVerification.evaluate(
                  templates,
                  TemplateVerificationOptions.defaults(),
                  progress,
                  seeds.stream("bootstrap/" + protocol.name()))
              .metrics());
    }
    if (!protocol.galleries().isEmpty() && protocol.probes().isPresent()) {
      TemplateIdentification.Result found =
          TemplateIdentification.evaluate(
              templates,
              GalleryFusion.MEAN_EMBEDDING,
              IdentificationOptions.defaults().withFpirRule(FpirRule.ABOVE_KTH),
              Runtime.getRuntime().availableProcessors(),
              progress,
              seeds.stream("bootstrap/" + protocol.name() + "/identification"));
      String name = protocol.name() + ".identification";
      figures.put(name, found.average().metrics());
      found
          .galleries()
          .forEach(one -> figures.put(name + "." + one.gallery(), one.result().metrics()));
    }
    return figures;
  }
}

package org.mien.data.integrity;

import java.nio.file.Path;
import org.mien.data.descriptor.DatasetDescriptor;

/**
 * A file whose checksum is compared with a descriptor's.
 *
 * @param file its name is looked up among the descriptor's checksums; a file that has none there is
 *     passed over
 * @param descriptor of the data set it belongs to
 */
public record CheckedFile(Path file, DatasetDescriptor descriptor) {}

/**
 * Readers and writers of the field's containers: bytes in, bytes out. They know nothing of data
 * sets, manifests or protocols. Every reader bounds what it allocates by the length of the file and
 * answers damage with a {@link org.mien.core.error.DataException} that names file and position.
 */
package org.mien.data.format;

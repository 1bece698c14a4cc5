package dev.buzon.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file that is open, or a folder to be forced. */
final class DiskChannel extends FileChannel {

    private static final int BUFFER = 1 << 13;

    private final Kernel kernel;
    private final Inode inode;
    /** Where it was opened. */
    private final String on;

    private final OpenFlags flags;
    private final int boot;
    private long position;

    DiskChannel(Kernel kernel, Inode inode, String on, OpenFlags flags) {
        this.kernel = kernel;
        this.inode = inode;
        this.on = on;
        this.flags = flags;
        this.boot = kernel.store().boot();
        inode.open++;
    }

    private void expectOpen() throws ClosedChannelException {
        if (!isOpen() || boot != kernel.store().boot()) {
            throw new ClosedChannelException();
        }
    }

    private void expectReadable() throws ClosedChannelException {
        expectOpen();
        if (!flags.reads()) {
            throw new NonReadableChannelException();
        }
    }

    private void expectWritable() throws ClosedChannelException {
        expectOpen();
        if (!flags.writes()) {
            throw new NonWritableChannelException();
        }
    }

    private void ask(Act act) throws IOException {
        Fault fault = kernel.ask(act, on);
        expectOpen();
        if (fault != Fault.NONE) {
            throw new IOException(fault.message());
        }
    }

    private static void expectNotNegative(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("Negative: " + number);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = read(target, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        expectNotNegative(from);
        expectReadable();
        ask(Act.READ);
        if (inode.isFolder() && target.hasRemaining()) {
            throw new IOException("Is a directory");
        }
        return inode.isFolder() ? 0 : inode.content.read(target, from);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            int count = read(targets[i]);
            if (count < 0) {
                return sum == 0 ? -1 : sum;
            }
            sum += count;
            if (targets[i].hasRemaining()) {
                break;
            }
        }
        return sum;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int before = source.remaining();
        try {
            return write(source, position);
        } finally {
            // Of what failed half is written.
            position += before - source.remaining();
        }
    }

    @Override
    public int write(ByteBuffer source, long to) throws IOException {
        expectNotNegative(to);
        expectWritable();
        int count = source.remaining();
        Fault fault = kernel.ask(Act.WRITE, on);
        expectOpen();
        int written = fault == Fault.NONE ? count : count / 2;
        if (written > 0) {
            inode.content.write(source, flags.appends() ? inode.content.size() : to, written);
            kernel.store().written(inode);
        }
        if (fault != Fault.NONE) {
            throw new IOException(fault.message());
        }
        return count;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += write(sources[i]);
        }
        return sum;
    }

    @Override
    public long position() throws IOException {
        expectOpen();
        return flags.appends() ? inode.content.size() : position;
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        expectOpen();
        expectNotNegative(newPosition);
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        expectOpen();
        ask(Act.LOOK);
        return DiskAttributes.of(inode).size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        expectNotNegative(size);
        expectWritable();
        ask(Act.WRITE);
        if (size < inode.content.size()) {
            inode.content.truncate(size);
            kernel.store().written(inode);
        }
        position = Math.min(position, size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        expectOpen();
        Fault fault = kernel.ask(inode.isFolder() ? Act.FORCE_FOLDER : Act.FORCE, on);
        expectOpen();
        if (fault != Fault.NONE) {
            kernel.store().forceInVain(inode);
            throw new IOException(fault.message());
        }
        kernel.store().force(inode);
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, count));
        if (read(buffer, from) <= 0) {
            return 0;
        }
        return target.write(buffer.flip());
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, count));
        if (source.read(buffer) <= 0) {
            return 0;
        }
        return write(buffer.flip(), to);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void implCloseChannel() {
        if (boot == kernel.store().boot()) {
            kernel.store().closed(inode);
        }
    }
}

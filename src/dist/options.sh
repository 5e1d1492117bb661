# The JVM's options; part of the launchers, whose "$@" it reads. Starts no process: it runs for every command.

# Pages of the archive of classes are used where they lie in the file (ArchiveRelocationMode), so that they stay clean and shared. Java
# calls reflected methods natively, which saves building bytecode for each. The archive is silent about not fitting: a command's output
# is for its reader. Below systemd the daemon calls libc, for the one kind of socket that Java lacks (enable-native-access; the archive must be
# made with that, too). Linux has one provider of channels; named here, Java does not look into adit.jar for another (7 ms of a command).
options="-XX:+UseSerialGC -XX:-UsePerfData -XX:+UseCompactObjectHeaders -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
    -XX:SharedArchiveFile=$lib/adit.jsa -Xlog:disable -Xlog:all=error:stderr -Xlog:cds=off -Djdk.reflect.useNativeAccessorOnly=true
    --enable-native-access=ALL-UNNAMED -Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider"
command=
for word; do
    case $word in
        -*) ;;
        *) command=$word; break ;;
    esac
done
# the daemon and the demo need the optimising compiler (ciphers and hashes are a hundred times slower without) and give memory back;
# a command that lives for a moment needs neither, and compiles ten times later: a sixth less CPU
case $command in
    # little is inlined: half the compiler's work in the first ten thousand connections, at the same speed afterwards
    # ten thousand idle streams take 100 MB of heap; what is garbage is given back at once (HeapTrim asks for it)
    daemon|demo) options="$options -Xms6m -Xmn4m -Xmx160m -XX:MinHeapFreeRatio=15 -XX:MaxHeapFreeRatio=30 -XX:-ShrinkHeapInSteps
        -XX:TrimNativeHeapInterval=1000
        -XX:MaxInlineLevel=4 -XX:FreqInlineSize=60 -XX:MaxInlineSize=25" ;;
    *) options="$options -Xmx64m -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=10" ;;
esac

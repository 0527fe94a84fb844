#!/usr/bin/perl
# Prints the columns of the five tables as Markdown, from the one place that says which there are. The page
# docs/submission-format.md holds it between two marks; `--write` puts it there, `--check` says whether it is up to date.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));

my $source = 'Sources/Core/Tables/DataSet+Tables.swift';
my $page = 'docs/submission-format.md';
my %types = (
    text => '文本 text', code => '代码 code', date => '日期 date', amount => '金额，2位小数 yuan, 2 decimals',
    quantity => '数量，4位小数 4 decimals', factor => '数，4位小数，>0 4 decimals, >0', count => '整数 whole number',
    flag => '1 是 yes · 2 否 no');
my @tables = (
    [institution => '医疗机构基本情况'], [catalogue => '医疗机构药品目录'], [stockIn => '医疗机构入库情况'],
    [stockOut => '医疗机构出库情况'], [usage => '医疗机构使用情况']);

sub slurp { open my $in, '<', shift or die "$!"; local $/; return scalar <$in> }

# The text between the bracket that opens at a position and its partner, strings stepped over.
sub inside {
    my ($text, $start) = @_;
    my ($depth, $index) = (0, $start);
    while ($index < length $text) {
        my $rest = substr $text, $index;
        if ($rest =~ /^("(?:[^"\\]|\\.)*")/) { $index += length $1; next }
        $depth++ if $rest =~ /^[(\[]/;
        $depth-- if $rest =~ /^[)\]]/;
        return substr $text, $start + 1, $index - $start - 1 if $depth == 0;
        $index++;
    }
    die "$source: a bracket is not closed";
}

sub row {
    my $text = shift;
    my ($name, $header) = $text =~ /^\s*"([^"]+)",\s*(.+?),\s*\.\w+/s or die "$source: not understood: $text";
    my ($kind) = $text =~ /,\s*\.(\w+)/;
    my $isMixed = $header =~ /\?/;
    my @headers = $header =~ /"([^"]+)"/g;
    my @aliases = $text =~ /aliases:\s*\[(.*)\]/s ? $1 =~ /"([^"]+)"/g : ();
    my %seen = map { $_ => 1 } @headers;
    @aliases = grep { !$seen{$_}++ } @aliases;
    my $required = $text =~ /isRequired:\s*true/ ? '✓' : $text =~ /isRequired:\s*table/ ? '表1 table 1' : '';
    my ($length) = $text =~ /maximumLength:\s*(\d+)/;
    my $type = $types{$kind} or die "$source: unknown kind $kind";
    return sprintf '| %s | `%s` | %s | %s | %s | %s |', join(' / ', @headers), $name, $required, $type,
        $length // '', join('、', @aliases);
}

sub table {
    my ($title, @rows) = @_;
    return ("**$title**", '', '| 表头 header | 英文名 name | 必填 required | 内容 content | 最多字符 most characters | 也接受 also accepted |',
        '|---|---|---|---|---|---|', @rows, '');
}

my $swift = slurp($source);
my %named;
while ($swift =~ /static let (\w+) = Column\(/g) { $named{$1} = inside($swift, pos($swift) - 1) }
sub columns {
    my ($list, @rows) = @_;
    while ($list =~ /\G[\s,]*(?:Column(?=\()|(\w+))/gc) {
        if (defined $1) { push @rows, row($named{$1} // die "$source: no column $1"); next }
        my $body = inside($list, pos $list);
        push @rows, row($body);
        pos($list) += 2 + length $body;
    }
    return @rows;
}

my @lines;
$swift =~ /func sharedColumns\(.*?\{\s*(?=\[)/sg or die;
push @lines, table('五张表共有 · In all five tables', columns(inside($swift, pos $swift)));
my $number = 0;
for (@tables) {
    my ($name, $title) = @$_;
    $number++;
    $swift =~ /static let $name = DataSet\(.*?own: (?=\[)/sg or die "$source: no table $name";
    (my $english = $name) =~ s/([A-Z])/_\l$1/g;
    push @lines, table("表$number $title · `$english`", columns(inside($swift, pos $swift)));
    pos($swift) = 0;
}
my $made = join("\n", @lines);

my $mode = $ARGV[0] // '';
if (!$mode) { print $made; exit }
my $text = slurp($page);
my ($begin, $end) = ("<!-- columns: made by Scripts/columns.pl -->\n", "<!-- end of columns -->\n");
$text =~ /\Q$begin\E(.*)\Q$end\E/s or die "$page has no marks for the columns\n";
if ($mode eq '--check') {
    exit 0 if $1 eq "\n$made\n";
    print STDERR "$page: the columns differ from $source; Scripts/columns.pl --write\n";
    exit 1;
}
$text =~ s/\Q$begin\E.*\Q$end\E/$begin\n$made\n$end/s;
open my $out, '>', $page or die "$!";
print $out $text;

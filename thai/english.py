# SPDX-License-Identifier: Apache-2.0
"""English words that Thai citizens type as they are, so that the keyboard check leaves them alone."""

from thai.lexicon import listed

COMMON = frozenset(
    listed("""
    a about account add address admin again agree air all already am an and android any app application apply appointment
    apr april are area as ask at aug august auto available back bad bank bangkok bank be because been best bill birth block
    bot bts bus but buy by bye call can cancel car card case cash center change channel chat check city clear click close
    code come company complaint complete confirm contact copy correct cost could covid create credit current data date day
    dear debit dec december delete did dirty district do document doing done dont down download driving drive due dust
    edit electric electricity email emergency en end english enter error event excuse exit expired export express facebook
    fail false fast fax feb february fee fees file find fine fire first fix flood food for form forgot free friday from full
    garbage gmail get gmail go good google gps great group guide had has have hello help her here hey hi him his home hospital
    hotel hotline hour hours house how hr html http https i icon id if ig image in info information inside install internet
    into invalid invoice ios ip iphone is issue it item jan january job july june just keep key know land language last later
    law lazada letter level license licence light like line link list live local location login logout lol long lost mail
    make man map mar march may me mean menu message min minute missing mobile monday money month more morning most move mrt
    much must my name near need new news next night no noise none not note nothing nov november now number oct october of off
    office officer ok okay oke okie old omg on one online only open option or order other our out over page paid paper park
    part pass passport password pay payment pdf people person phone photo pin place plan plate please pls plus police policy
    post power price print privacy problem process profile promptpay public push qr queue question quick rain re read ready
    real receipt receive refund register renew reply report request reset result return right road room rubbish run same
    saturday save say school scan search see select send sent sep september service setting settings she shopee should show
    sick sign sim site size skip slow smoke so some soon sorry speak spell start state station status step still stop store
    street submit such sun sunday support sure system talk tax taxi team tel telegram tell test text than thank thanks thank
    that the their them then there they thing this thursday thx tiktok time title to today tomorrow too top total track
    tracking traffic train trash travel true try tuesday turn twitter type ubi under update upload url us use used user very
    version via video view vip visa vote wait waiting walk want was water way we weather web website wednesday week welcome
    well were what when where which who why wifi will wind window with word work working would wow wrong year yes yesterday
    yet you your youtube zero zip zone
    """)
)
